"""The threads of an api process that send messages, each to one webhook at a time.

Harmless in any number of processes: a claim is one conditional UPDATE. A process that
dies while it sends leaves a claim that nobody goes on with; that message is sent again.
"""

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Event, Lock
from uuid import UUID

from sqlalchemy import Engine

from app.background import in_background
from app.database.engine import read_session, write_session
from app.lease_watch import LeaseWatch
from app.models import now
from app.settings import Settings
from app.webhook_models import DeliveryStatus
from app.webhooks.attempt import Post, attempt
from app.webhooks.deliveries import (
    Result,
    SendClaim,
    claim_delivery,
    due_deliveries,
    forget_deliveries,
    has_old_deliveries,
    held_deliveries,
    settle_delivery,
)
from app.webhooks.fan_out import AT_ONCE, fan_out, has_messages
from app.webhooks.road import WHOLE_SECONDS

logger = logging.getLogger(__name__)

THREADS = 8
# Longer than any sender can take, so that what is taken away is never still sent.
LOST_SECONDS = 4 * WHOLE_SECONDS
LOST = "the service was stopped while it sent"


class WebhookSender:
    """Sends until told to stop; rung when a message need not wait for the next look."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        bell: Event,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._bell = bell
        self._stop = Event()
        self._leases: LeaseWatch[SendClaim] = LeaseWatch(LOST_SECONDS, clock)
        self._office = Post(engine, settings.webhook_networks, random.Random())
        self._busy: set[UUID] = set()
        self._lock = Lock()

    def running(self) -> AbstractContextManager[None]:
        """Run in threads of its own for as long as the block lasts."""
        return in_background("webhooks", self.run, self.stop)

    def stop(self) -> None:
        self._stop.set()
        self._bell.set()

    def run(self) -> None:
        with ThreadPoolExecutor(THREADS, "webhook") as threads:
            while not self._stop.is_set():
                self._bell.clear()
                try:
                    self.look(threads)
                except Exception:  # whatever it was, the next look must come
                    logger.exception("a look for messages to webhooks failed")
                self._bell.wait(self._settings.reconcile_seconds)

    def look(self, threads: ThreadPoolExecutor) -> None:
        """Hand what is due to threads, none to a webhook that is being sent to."""
        self._take_in()
        self._put_back_lost()
        with read_session(self._engine) as session:
            due = due_deliveries(session)
        for delivery_id, webhook_id in due:
            if self._begin(webhook_id):
                threads.submit(self._send_to, webhook_id, delivery_id)

    def _take_in(self) -> None:
        """Read the outbox and forget what is old; take no write lock for nothing."""
        retention = timedelta(seconds=self._settings.webhook_retention_seconds)
        with read_session(self._engine) as session:
            waits = has_messages(session)
            is_old = has_old_deliveries(session, retention)
        sees_all = self._settings.key_sees == "all" or self._settings.auth == "off"
        with write_session(self._engine) as session:
            while waits and fan_out(session, sees_all=sees_all) == AT_ONCE:
                pass
            if is_old:
                forget_deliveries(session, retention)

    def _put_back_lost(self) -> None:
        with read_session(self._engine) as session:
            held = held_deliveries(session)
        for claim in self._leases.unrenewed(held):
            lost = Result(DeliveryStatus.WAITING, error=LOST, next_attempt_at=now())
            with write_session(self._engine) as session:
                if settle_delivery(session, claim, lost):
                    logger.warning("delivery %s was lost", claim.delivery_id)

    def _begin(self, webhook_id: UUID) -> bool:
        with self._lock:
            if webhook_id in self._busy:
                return False
            self._busy.add(webhook_id)
            return True

    def _send_to(self, webhook_id: UUID, delivery_id: UUID) -> None:
        try:
            if not self._stop.is_set():
                self._send(delivery_id)
        except Exception:  # of a thread that nobody waits for
            logger.exception("delivery %s could not be sent", delivery_id)
        finally:
            with self._lock:
                self._busy.discard(webhook_id)
            self._bell.set()

    def _send(self, delivery_id: UUID) -> None:
        with write_session(self._engine) as session:
            claim = claim_delivery(session, delivery_id)
        if claim is not None:
            attempt(self._office, claim)
