"""The thread of an api process that works off zips, one after the other.

Harmless in any number of processes: a claim is one conditional UPDATE, and each part
of a result is stored under it.
"""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from threading import Event

from sqlalchemy import Engine

from app.background import in_background
from app.bulk.listing import held_bulks, old_bulks, waiting_bulks
from app.bulk.reading import Stopped
from app.bulk.record import (
    BulkClaim,
    BulkLease,
    claim_bulk,
    delete_bulk,
    finish_bulk,
    release_bulk,
    settle_lost,
)
from app.bulk.staging import archive_path, clear, clear_abandoned
from app.bulk.work import Desk, work_on
from app.database.engine import read_session, write_session
from app.errors import BulkNotFound, ModelmillError, error_code
from app.lease_watch import LeaseWatch
from app.models import BulkError, BulkPrediction
from app.settings import Settings

logger = logging.getLogger(__name__)

UNEXPECTED = BulkError(
    code="internal_error",
    message="This is a fault of the service; its log has the details.",
)


class BulkRunner:
    """Works until told to stop; rung when a zip has come."""

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
        self._leases: LeaseWatch[BulkLease] = LeaseWatch(settings.lease_seconds, clock)

    def running(self) -> AbstractContextManager[None]:
        """Run in a thread of its own for as long as the block lasts."""
        return in_background("bulk", self.run, self.stop)

    def stop(self) -> None:
        self._stop.set()
        self._bell.set()

    def run(self) -> None:
        while not self._stop.is_set():
            self._bell.clear()
            try:
                self.work_off()
            except Exception:  # whatever it was, the next pass must come
                logger.exception("a pass over the zips failed")
            if not self._stop.is_set():
                self._bell.wait(self._settings.reconcile_seconds)

    def work_off(self) -> None:
        """Put right what died, then take all that wait and lie on our disk."""
        self._settle_lost()
        self._forget_old()
        while not self._stop.is_set() and (bulk := self._claim()) is not None:
            self._work_on(bulk)

    def _claim(self) -> BulkPrediction | None:
        with read_session(self._engine) as session:
            waiting = waiting_bulks(session)
        lease = timedelta(seconds=self._settings.lease_seconds)
        for bulk_id in waiting:
            if not archive_path(self._settings.data_dir, bulk_id).exists():
                continue  # on the disk of another machine
            with write_session(self._engine) as session:
                bulk = claim_bulk(session, bulk_id, lease)
            if bulk is not None:
                return bulk
        return None

    def _work_on(self, bulk: BulkPrediction) -> None:
        claim, error = BulkClaim(bulk.id, bulk.attempt), None
        try:
            if not work_on(Desk(self._engine, self._settings, self._stop), bulk):
                return
        except Stopped:
            with write_session(self._engine) as session:
                release_bulk(session, claim)
            return
        except ModelmillError as refusal:
            error = BulkError(code=error_code(type(refusal)), message=str(refusal))
        except Exception:
            logger.exception("bulk prediction %s failed", bulk.id)
            error = UNEXPECTED
        with write_session(self._engine) as session:
            is_ours = finish_bulk(session, claim, error)
        if is_ours:
            clear(self._settings.data_dir, bulk.id)

    def _settle_lost(self) -> None:
        with read_session(self._engine) as session:
            held = held_bulks(session)
        for lease in self._leases.unrenewed(held):
            with write_session(self._engine) as session:
                if settle_lost(session, lease, self._settings.max_attempts):
                    logger.warning("bulk prediction %s was lost", lease.claim.bulk_id)

    def _forget_old(self) -> None:
        retention = timedelta(seconds=self._settings.bulk_retention_seconds)
        with read_session(self._engine) as session:
            old = old_bulks(session, retention)
            known = {lease.claim.bulk_id for lease in held_bulks(session)}
            known |= set(waiting_bulks(session))
        for bulk_id in old:
            # Another process may forget it at the same time.
            with suppress(BulkNotFound), write_session(self._engine) as session:
                delete_bulk(session, bulk_id)
        clear_abandoned(self._settings.data_dir, known)
