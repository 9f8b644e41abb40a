"""How a command ends: its exit status, and what went wrong in the form asked for."""

import json
from enum import IntEnum

import typer

from app.client import (
    ClientError,
    Conflict,
    Invalid,
    NoCheckpoint,
    NotAuthorized,
    NotFound,
    NotModelmill,
    Refused,
    Unreachable,
)
from app.errors import ModelmillError


class Exit(IntEnum):
    """What a shell sees; README has the table."""

    DONE = 0
    FAILED = 1
    MISUSED = 2
    UNREACHABLE = 3
    NOT_AUTHORIZED = 4
    NOT_FOUND = 5
    CONFLICT = 6
    INVALID = 7
    INTERRUPTED = 130


STATUSES: dict[type[ModelmillError], Exit] = {
    Unreachable: Exit.UNREACHABLE,
    NotModelmill: Exit.UNREACHABLE,
    NotAuthorized: Exit.NOT_AUTHORIZED,
    NotFound: Exit.NOT_FOUND,
    NoCheckpoint: Exit.NOT_FOUND,
    Conflict: Exit.CONFLICT,
    Invalid: Exit.INVALID,
}
UNAUTHORIZED = 401


def exit_status(error: ModelmillError) -> Exit:
    return STATUSES.get(type(error), Exit.FAILED)


def tell(error: ModelmillError, *, as_json: bool) -> None:
    """Write what went wrong on stderr: words for people, a document for programs."""
    if not as_json:
        typer.echo(f"modelmill: {error}{advice(error)}", err=True)
        return
    document = {"object": "error", "code": "failed", "detail": str(error)}
    if isinstance(error, ClientError):
        document = error.document()
    typer.echo(json.dumps(document), err=True)


def advice(error: ModelmillError) -> str:
    """Return what a person can do that the service cannot know."""
    if isinstance(error, Refused) and error.status == UNAUTHORIZED:
        return "\nGive a key with --key or in MODELMILL_KEY."
    return ""
