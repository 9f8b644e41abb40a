"""The only way a training child writes: behind its attempt's fence, then ring."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from app.database.engine import write_session
from app.events import Doorbell
from app.jobs import Claim
from worker.exits import ExitCode


class AttemptOver(Exception):
    """The attempt has nothing more to write."""

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__(exit_code.name)
        self.exit_code = exit_code


@dataclass(frozen=True)
class FencedWriter:
    """Writes for one attempt until a write is refused, which ends the attempt."""

    engine: Engine
    doorbell: Doorbell
    claim: Claim

    def write(self, action: Callable[[Session, Claim], bool]) -> None:
        """Run one of app.jobs' fenced writes.

        Raises:
            AttemptOver: The job belongs to a later attempt, or to nobody.
        """
        with write_session(self.engine) as session:
            accepted = action(session, self.claim)
        self.doorbell.ring(self.claim.job_id)
        if not accepted:
            raise AttemptOver(ExitCode.FENCED)
