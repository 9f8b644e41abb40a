"""Webhooks and the audit log on PostgreSQL: the same statements."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.audit import Sought, list_entries, store_entries
from app.audit_models import AuditEntry
from app.database.engine import migrate, open_database, write_session
from app.webhook_models import DeliveryStatus
from app.webhooks.deliveries import (
    Result,
    claim_delivery,
    due_deliveries,
    list_deliveries,
    settle_delivery,
)
from app.webhooks.fan_out import fan_out
from tests.factories import submitted_job
from tests.webhooks.conftest import MakeWebhook


@pytest.fixture
def engine(empty_postgres: str) -> Iterator[Engine]:
    engine = open_database(empty_postgres)
    migrate(engine)
    yield engine
    engine.dispose()


def test_a_message_goes_its_whole_way(
    engine: Engine, make_webhook: MakeWebhook
) -> None:
    webhook = make_webhook()
    submitted_job(engine)

    with write_session(engine) as session:
        assert fan_out(session, sees_all=True) == 1
        [(delivery_id, _webhook_id)] = due_deliveries(session)
        claim = claim_delivery(session, delivery_id)
        assert claim is not None
        assert claim_delivery(session, delivery_id) is None
        assert settle_delivery(session, claim, Result(DeliveryStatus.DELIVERED, 204))
        page = list_deliveries(session, webhook.id, 5, None, DeliveryStatus.DELIVERED)

    assert [one.type for one in page.found] == ["job.queued"]


def test_the_audit_log_is_searched(engine: Engine) -> None:
    targets = ("/models/a", "/models/a/aliases/b", "/models/ab")

    with write_session(engine) as session:
        made = [AuditEntry(action="x", target=target) for target in targets]
        store_entries(session, made)
        page = list_entries(session, Sought(target="/models/a"), 5, None)

    assert {entry.target for entry in page.found} == set(targets[:2])
