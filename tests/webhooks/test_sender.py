"""Messages arrive, signed, once; what does not arrive comes again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col
from standardwebhooks import Webhook as Verifier

from app.database.engine import read_session, write_session
from app.keys import store as keys
from app.keys.scope import USUAL
from app.models import now
from app.outbox import tell
from app.settings import Settings
from app.webhook_models import (
    DeliveryStatus,
    DisabledReason,
    EventType,
    Webhook,
    WebhookDelivery,
)
from app.webhooks.attempt import Post, attempt
from app.webhooks.deliveries import (
    Result,
    SendClaim,
    claim_delivery,
    deliver_again,
    ping,
    settle_delivery,
)
from app.webhooks.fan_out import AT_ONCE, has_messages
from app.webhooks.schedule import PAUSES
from app.webhooks.sender import LOST_SECONDS, WebhookSender
from app.webhooks.store import delete_webhook, disable
from tests.clock import Clock
from tests.factories import submitted_job, succeeded_job
from tests.webhooks.conftest import MakeWebhook, look, read_deliveries
from tests.webhooks.receiver import Receiver, receiving


def pinged(engine: Engine, webhook: Webhook) -> WebhookDelivery:
    with write_session(engine) as session:
        return ping(session, webhook)


def set_all(engine: Engine, **values: object) -> None:
    with write_session(engine) as session:
        session.exec(update(WebhookDelivery).values(**values))
        session.commit()


def only(engine: Engine) -> WebhookDelivery:
    [delivery] = read_deliveries(engine)
    return delivery


def claimed(engine: Engine, delivery_id: UUID) -> SendClaim:
    with write_session(engine) as session:
        claim = claim_delivery(session, delivery_id)
    assert claim is not None
    return claim


def reason(engine: Engine, webhook: Webhook) -> DisabledReason | None:
    with read_session(engine) as session:
        return session.get_one(Webhook, webhook.id).disabled_reason


def test_the_news_of_a_job_arrive_and_verify(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    job = succeeded_job(engine)

    for _ in range(3):  # a message at a time to each webhook
        look(sender)

    verifier = Verifier(webhook.secret)
    received = [receiver.next() for _ in range(3)]
    payloads = [verifier.verify(one.body, one.headers) for one in received]
    assert [payload["type"] for payload in payloads] == [
        "job.queued",
        "job.running",
        "job.succeeded",
    ]
    assert {payload["data"]["job_id"] for payload in payloads} == {str(job.id)}
    assert len({one.headers["webhook-id"] for one in received}) == 3
    assert {one.headers["Content-Type"] for one in received} == {"application/json"}
    assert {one.status for one in read_deliveries(engine)} == {"delivered"}
    assert receiver.received.empty()


def test_what_fails_waits_and_comes_again_under_the_same_id(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    receiver.answers = [500, 204]
    pinged(engine, webhook)

    look(sender)
    failed = only(engine)
    look(sender)  # not due yet
    set_all(engine, next_attempt_at=now())
    look(sender)

    assert (failed.status, failed.attempts, failed.answer_status) == ("waiting", 1, 500)
    assert failed.error == "it answered 500"
    assert failed.next_attempt_at is not None
    assert failed.last_attempt_at is not None
    pause = failed.next_attempt_at - failed.last_attempt_at
    assert pause >= timedelta(seconds=PAUSES[0])
    assert (only(engine).status, only(engine).attempts) == ("delivered", 2)
    first, second = receiver.next(), receiver.next()
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_receiver_that_is_busy_is_left_alone_for_as_long_as_it_asks(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    receiver.answers, receiver.headers = [429], {"Retry-After": "3600"}
    pinged(engine, webhook)

    look(sender)

    waits = only(engine).next_attempt_at
    assert waits is not None
    assert waits > now() + timedelta(minutes=50)


def test_nobody_there_is_told_in_words(
    engine: Engine, make_webhook: MakeWebhook, sender: WebhookSender
) -> None:
    pinged(engine, make_webhook(url="http://127.0.0.1:1/"))

    look(sender)

    assert only(engine).answer_status is None
    assert str(only(engine).error).startswith("no connection")


def test_after_the_last_attempt_it_has_failed(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    receiver.answers = [500]
    pinged(engine, webhook)
    set_all(engine, attempts=len(PAUSES))

    look(sender)

    assert (only(engine).status, only(engine).next_attempt_at) == ("failed", None)
    assert only(engine).finished_at is not None


def test_gone_disables_the_webhook_and_all_that_waits_has_failed(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    receiver.answers = [410]
    pinged(engine, webhook)
    pinged(engine, webhook)

    look(sender)
    submitted_job(engine)
    look(sender)

    assert reason(engine, webhook) is DisabledReason.GONE
    assert {one.status for one in read_deliveries(engine)} == {"failed"}
    receiver.next()
    assert receiver.received.empty()


def test_what_is_asked_for_again_has_its_old_id(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    old = pinged(engine, webhook)
    look(sender)

    with write_session(engine) as session:
        deliver_again(session, webhook, old)
    look(sender)

    first, second = receiver.next(), receiver.next()
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert len(read_deliveries(engine)) == 2


def test_only_one_process_gets_a_delivery(engine: Engine, webhook: Webhook) -> None:
    delivery = pinged(engine, webhook)
    claimed(engine, delivery.id)

    with write_session(engine) as session:
        assert claim_delivery(session, delivery.id) is None


def test_a_delivery_that_another_took_is_not_sent(
    engine: Engine,
    webhook: Webhook,
    receiver: Receiver,
    sender: WebhookSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delivery = pinged(engine, webhook)
    claimed(engine, delivery.id)
    place = (delivery.id, webhook.id)
    monkeypatch.setattr("app.webhooks.sender.due_deliveries", lambda _session: [place])

    look(sender)

    assert receiver.received.empty()


def test_what_died_with_its_process_is_sent_by_another(
    engine: Engine,
    webhook: Webhook,
    receiver: Receiver,
    sender: WebhookSender,
    clock: Clock,
) -> None:
    lost = claimed(engine, pinged(engine, webhook).id)
    look(sender)
    assert receiver.received.empty()

    clock.seconds += LOST_SECONDS
    look(sender)

    receiver.next()
    assert (only(engine).status, only(engine).attempts) == ("delivered", 2)
    with write_session(engine) as session:
        assert not settle_delivery(session, lost, Result(DeliveryStatus.FAILED))


def test_a_webhook_is_sent_one_message_at_a_time_and_others_do_not_wait(
    engine: Engine, webhook: Webhook, make_webhook: MakeWebhook, sender: WebhookSender
) -> None:
    with receiving() as other:
        second = make_webhook(url=other.url)
        for hook in (webhook, webhook, second):
            pinged(engine, hook)
        sender._busy.add(webhook.id)

        look(sender)

        other.next()
        assert [one.status for one in read_deliveries(engine)].count(
            DeliveryStatus.WAITING
        ) == 2


def test_what_is_disabled_or_deleted_meanwhile_is_not_sent(
    engine: Engine, office: Post, make_webhook: MakeWebhook, receiver: Receiver
) -> None:
    disabled, deleted = make_webhook(), make_webhook()
    first = claimed(engine, pinged(engine, disabled).id)
    second = claimed(engine, pinged(engine, deleted).id)
    with write_session(engine) as session:
        disable(session, disabled.id, DisabledReason.BY_USER)
        session.commit()
        delete_webhook(session, deleted.id)

    attempt(office, first)
    attempt(office, second)

    assert receiver.received.empty()
    assert (only(engine).status, only(engine).error) == (
        "failed",
        "the webhook was disabled",
    )


def test_what_waits_is_not_sent_once_its_key_has_ended(
    engine: Engine, office: Post, make_webhook: MakeWebhook, receiver: Receiver
) -> None:
    with write_session(engine) as session:
        key, _secret = keys.create_key(session, "test", USUAL)
    webhook = make_webhook(key_id=key.id)
    claim = claimed(engine, pinged(engine, webhook).id)
    with write_session(engine) as session:
        keys.revoke_key(session, key.id)

    attempt(office, claim)

    assert receiver.received.empty()
    assert reason(engine, webhook) is DisabledReason.KEY_ENDED
    assert only(engine).error == "its key has ended"


def test_old_deliveries_are_forgotten(
    engine: Engine, webhook: Webhook, settings: Settings, sender: WebhookSender
) -> None:
    for _ in range(2):
        pinged(engine, webhook)
        look(sender)
    old = now() - timedelta(seconds=settings.webhook_retention_seconds + 1)
    with write_session(engine) as session:
        this = col(WebhookDelivery.id) == read_deliveries(engine)[0].id
        session.exec(update(WebhookDelivery).where(this).values(finished_at=old))
        session.commit()

    look(sender)

    assert len(read_deliveries(engine)) == 1


def test_the_sender_runs_by_itself_and_outlives_what_goes_wrong(
    engine: Engine,
    webhook: Webhook,
    receiver: Receiver,
    sender: WebhookSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, failures = WebhookSender._put_back_lost, iter([OSError("away")])

    def fail_once(self: WebhookSender) -> None:
        for failure in failures:
            self._bell.set()
            raise failure
        real(self)

    monkeypatch.setattr(WebhookSender, "_put_back_lost", fail_once)
    pinged(engine, webhook)

    with sender.running():
        received = receiver.next()

    assert next(failures, None) is None
    assert received.body


def test_a_failure_of_one_delivery_is_logged_and_holds_up_nothing(
    engine: Engine,
    webhook: Webhook,
    sender: WebhookSender,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_office: Post, _claim: SendClaim) -> None:
        raise OSError("away")

    monkeypatch.setattr("app.webhooks.sender.attempt", fail)
    pinged(engine, webhook)

    look(sender)

    assert "could not be sent" in caplog.text
    assert not sender._busy


def test_what_waits_for_a_thread_is_left_to_others_when_the_service_stops(
    engine: Engine, webhook: Webhook, receiver: Receiver, sender: WebhookSender
) -> None:
    with sender.running():
        pass
    pinged(engine, webhook)

    look(sender)

    assert only(engine).attempts == 0
    assert receiver.received.empty()


def test_a_busy_outbox_is_read_to_its_end(
    engine: Engine, make_webhook: MakeWebhook, sender: WebhookSender
) -> None:
    make_webhook(events=["job.failed"])
    with write_session(engine) as session:
        for _ in range(AT_ONCE + 1):
            tell(session, EventType.JOB_QUEUED, {})
        session.commit()

    look(sender)

    assert read_deliveries(engine) == []
    with read_session(engine) as session:
        assert not has_messages(session)
