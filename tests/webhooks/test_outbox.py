"""A message is stored with what it tells of, or neither is."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import registry
from app.database.engine import read_session, write_session
from app.errors import AliasMoved
from app.models import Job
from app.outbox import tell
from app.states import Action, Outcome
from app.webhook_models import DisabledReason, EventType, OutboxMessage, Webhook
from tests.factories import (
    ask,
    record_epoch,
    running_job,
    settle,
    submitted_job,
    succeeded_job,
)
from tests.webhooks.conftest import MakeWebhook


def told(engine: Engine) -> list[str]:
    return [message.type for message in messages(engine)]


def messages(engine: Engine) -> list[OutboxMessage]:
    with read_session(engine) as session:
        found = session.exec(select(OutboxMessage)).all()
    return sorted(found, key=lambda message: message.created_at)


@pytest.mark.usefixtures("webhook")
def test_a_job_that_succeeds_tells_three_things_and_no_epoch(engine: Engine) -> None:
    job = succeeded_job(engine, epochs=2)

    found = messages(engine)

    assert told(engine) == ["job.queued", "job.running", "job.succeeded"]
    assert [message.data["number"] for message in found] == [1, 2, 5]
    assert {message.data["job_id"] for message in found} == {str(job.id)}


@pytest.mark.usefixtures("webhook")
def test_every_way_of_a_job_is_told_of(engine: Engine) -> None:
    claim = running_job(engine)
    ask(engine, claim.job_id, Action.PAUSE)
    settle(engine, claim, Outcome.RELEASED)
    ask(engine, claim.job_id, Action.CANCEL)
    settle(engine, running_job(engine), Outcome.FAILED)

    assert told(engine)[2:4] == ["job.pausing", "job.paused"]
    assert {"job.cancelled", "job.failed"} <= set(told(engine))


@pytest.mark.usefixtures("webhook")
def test_models_tell_of_versions_and_aliases(engine: Engine, session: Session) -> None:
    checkpoint = record_epoch(engine, running_job(engine), 1)
    registry.create_model(session, "digits", None)
    registry.add_version(session, "digits", checkpoint.id)
    registry.move_alias(session, "digits", "champion", 1, registry.Expected())
    registry.remove_alias(session, "digits", "champion", registry.Expected())

    found = [message for message in messages(engine) if not message.type.is_of_jobs]

    assert [message.data for message in found] == [
        {"model": "digits", "version": 1, "checkpoint_id": str(checkpoint.id)},
        {"model": "digits", "alias": "champion", "number": 1, "version": 1},
        {"model": "digits", "alias": "champion", "number": 2, "version": None},
    ]


@pytest.mark.usefixtures("webhook")
def test_what_was_refused_is_not_told_of(engine: Engine, session: Session) -> None:
    checkpoint = record_epoch(engine, running_job(engine), 1)
    registry.create_model(session, "digits", None)
    registry.add_version(session, "digits", checkpoint.id)

    with pytest.raises(AliasMoved):
        registry.move_alias(session, "digits", "champion", 1, registry.Expected(2))

    assert "model.alias_moved" not in told(engine)


@pytest.mark.usefixtures("webhook")
def test_a_transaction_that_is_undone_tells_nothing(engine: Engine) -> None:
    with write_session(engine) as session:
        tell(session, EventType.JOB_FAILED, {})
        session.rollback()

    assert messages(engine) == []


def test_without_a_webhook_nothing_is_written(engine: Engine) -> None:
    submitted_job(engine)

    assert messages(engine) == []


def test_a_webhook_that_is_disabled_does_not_count(
    engine: Engine, make_webhook: MakeWebhook
) -> None:
    make_webhook(disabled_reason=DisabledReason.BY_USER)

    submitted_job(engine)

    assert messages(engine) == []


def test_the_message_knows_whose_job_it_is(engine: Engine, webhook: Webhook) -> None:
    job = submitted_job(engine)
    with write_session(engine) as session:
        session.get_one(Job, job.id).key_id = "anna"
        session.commit()

    ask(engine, job.id, Action.CANCEL)

    assert [message.owner for message in messages(engine)] == [None, "anna"]
