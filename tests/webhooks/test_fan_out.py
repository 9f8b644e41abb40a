"""Each message becomes a delivery for each webhook that wants it and may."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from app.database.engine import read_session, write_session
from app.keys import store as keys
from app.keys.scope import USUAL, Scope
from app.models import ApiKey
from app.outbox import tell
from app.webhook_models import EventType, Webhook
from app.webhooks.fan_out import fan_out, has_messages
from tests.webhooks.conftest import MakeWebhook, read_deliveries

JOB = {"job_id": "x"}


def spread(engine: Engine, *, sees_all: bool = True) -> int:
    with write_session(engine) as session:
        return fan_out(session, sees_all=sees_all)


def say(engine: Engine, kind: EventType, owner: str | None = None) -> None:
    with write_session(engine) as session:
        tell(session, kind, JOB, owner)
        session.commit()


def make_key(engine: Engine, *scopes: Scope) -> ApiKey:
    with write_session(engine) as session:
        return keys.create_key(session, "test", scopes or USUAL)[0]


def test_a_message_goes_once_to_each_that_wants_it(
    engine: Engine, make_webhook: MakeWebhook
) -> None:
    wants_all, wants_it = make_webhook(), make_webhook(events=["job.failed"])
    make_webhook(events=["job.succeeded"])
    say(engine, EventType.JOB_FAILED)

    assert (spread(engine), spread(engine)) == (1, 0)

    deliveries = read_deliveries(engine)
    assert {one.webhook_id for one in deliveries} == {wants_all.id, wants_it.id}
    assert len({one.message_id for one in deliveries}) == 1
    assert [(one.type, one.data) for one in deliveries] == [("job.failed", JOB)] * 2


def test_a_webhook_hears_of_what_its_key_sees(
    engine: Engine, make_webhook: MakeWebhook
) -> None:
    anna, admin = make_key(engine), make_key(engine, Scope.ADMIN)
    of_anna, of_admin = make_webhook(key_id=anna.id), make_webhook(key_id=admin.id)
    for owner in (anna.id, "bert", None):
        say(engine, EventType.JOB_FAILED, owner)
    say(engine, EventType.MODEL_ALIAS_MOVED)

    spread(engine, sees_all=False)

    heard = [one.webhook_id for one in read_deliveries(engine)]
    assert heard.count(of_anna.id) == 2
    assert heard.count(of_admin.id) == 4


def test_where_every_key_sees_all_a_webhook_hears_all(
    engine: Engine, make_webhook: MakeWebhook
) -> None:
    make_webhook(key_id=make_key(engine).id)
    say(engine, EventType.JOB_FAILED, "bert")

    spread(engine, sees_all=True)

    assert len(read_deliveries(engine)) == 1


def test_whose_key_was_revoked_is_told_nothing_more(
    engine: Engine, make_webhook: MakeWebhook
) -> None:
    key = make_key(engine)
    webhook = make_webhook(key_id=key.id)
    say(engine, EventType.JOB_FAILED)
    with write_session(engine) as session:
        keys.revoke_key(session, key.id)

    spread(engine)

    assert read_deliveries(engine) == []
    with read_session(engine) as session:
        assert session.get_one(Webhook, webhook.id).disabled_reason == "key_ended"


@pytest.mark.usefixtures("webhook")
def test_processes_that_spread_at_once_make_no_second_delivery(engine: Engine) -> None:
    with write_session(engine) as session:
        for _ in range(20):
            tell(session, EventType.JOB_FAILED, JOB)
        session.commit()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: spread(engine), range(3)))

    assert len(read_deliveries(engine)) == 20
    with read_session(engine) as session:
        assert not has_messages(session)
