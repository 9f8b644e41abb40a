"""How a training child ends, told to its supervisor by exit status."""

from enum import IntEnum

from app.states import Outcome


class ExitCode(IntEnum):
    """The orderly endings; any other status is a crash."""

    FINISHED = 0
    FENCED = 3
    FAILED = 65  # EX_DATAERR of sysexits.h: the reason is in the job's row
    RELEASED = 75  # EX_TEMPFAIL


# A fenced child says nothing about the job: if the attempt is still current, it was
# refused because the job is being cancelled.
OUTCOME_OF = {
    ExitCode.FINISHED: Outcome.FINISHED,
    ExitCode.FENCED: Outcome.RELEASED,
    ExitCode.FAILED: Outcome.FAILED,
    ExitCode.RELEASED: Outcome.RELEASED,
}
