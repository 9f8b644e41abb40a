"""How a training child ends, told to its supervisor by exit status."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The orderly endings; any other status is a crash."""

    FINISHED = 0
    FENCED = 3
    RELEASED = 75  # EX_TEMPFAIL of sysexits.h
