"""Tells a collector of each attempt once it is over, where one is named."""

import logging
from datetime import datetime
from importlib import import_module

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import read_session
from app.errors import JobNotFound
from app.jobs import Claim
from app.settings import Settings
from app.states import Outcome
from app.tracing import open_tracing

logger = logging.getLogger(__name__)


class Traces:
    """Does nothing, and imports nothing, unless a collector is named."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._provider = open_tracing(settings, "worker")

    def tell(self, claim: Claim, began_at: datetime, outcome: Outcome) -> None:
        """Send the attempt's spans; a trace is not worth a failure."""
        if self._provider is None:
            return
        try:
            with read_session(self._engine) as session:
                job = jobs.get_job(session, claim.job_id)
                metrics = jobs.list_metrics(session, claim.job_id)
        except JobNotFound:  # deleted as soon as it had ended
            return
        except SQLAlchemyError:
            logger.exception("no trace of %s", claim)
            return
        attempts = import_module("app.tracing.attempts")
        epochs = [epoch for epoch in metrics if epoch.attempt == claim.attempt]
        attempts.trace_attempt(self._provider, job, epochs, began_at, outcome)

    def close(self) -> None:
        if self._provider is not None:
            self._provider.shutdown()
