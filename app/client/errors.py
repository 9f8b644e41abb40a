"""What can go wrong between a client and a service.

ClientError
├── Unreachable
├── NotModelmill
├── Refused
│   ├── NotAuthorized
│   ├── NotFound
│   ├── Conflict
│   └── Invalid
├── UnusableFile
├── TornDownload
├── NoCheckpoint
└── StillRunning
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from app.errors import ModelmillError

Json = dict[str, Any]


class ClientError(ModelmillError):
    """The client could not do what was asked of it."""

    code = "client_error"
    is_passing = False  # whether the same again may well succeed in a moment
    retry_after = 0.0  # seconds

    def document(self) -> Json:
        """Return the error as a JSON object, for programs."""
        return {"object": "error", "code": self.code, "detail": str(self)}


class Unreachable(ClientError):
    """No service answers."""

    code = "unreachable"

    def __init__(self, url: str, reason: Exception, *, is_passing: bool) -> None:
        super().__init__(
            f"No Modelmill answers at {url} ({reason}); start it with "
            "`modelmill serve`."
        )
        self.is_passing = is_passing


class NotModelmill(ClientError):
    """What answers is not Modelmill, or one that speaks otherwise."""

    code = "not_modelmill"

    def __init__(self, url: object) -> None:
        super().__init__(f"What answers at {url} is not Modelmill.")


class UnusableFile(ClientError):
    """A file or an array cannot be read or written."""

    code = "unusable_file"


class TornDownload(ClientError):
    """What came is not what the service announced."""

    code = "torn_download"
    is_passing = True


class NoCheckpoint(ClientError):
    """The job has no such checkpoint, or no longer."""

    code = "no_checkpoint"


class StillRunning(ClientError):
    """The job has not ended within the time given."""

    code = "still_running"


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a request, and where."""

    place: str
    code: str
    message: str


@dataclass(frozen=True)
class Problem:
    """The problem document that an answer other than 2xx carries."""

    status: int
    code: str
    detail: str
    errors: tuple[Violation, ...] = ()
    request_id: str | None = None
    document: Json = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        lines = (f"  {error.place}: {error.message}" for error in self.errors)
        return "\n".join((self.detail, *lines))


class Refused(ClientError):
    """The service answered with a refusal; `problem` has all that it said."""

    def __init__(
        self, problem: Problem, *, is_passing: bool, retry_after: float = 0.0
    ) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.code = problem.code
        self.status = problem.status
        self.errors = problem.errors
        self.is_passing = is_passing
        self.retry_after = retry_after

    def document(self) -> Json:
        problem = self.problem
        return {
            "object": "error",
            "status": problem.status,
            "code": problem.code,
            "detail": problem.detail,
            **problem.document,
        }


class NotAuthorized(Refused):
    """The key is missing, wrong, or allows less than this."""


class NotFound(Refused):
    """There is no such thing, or none that this key may see."""


class Conflict(Refused):
    """It cannot be done in the state that things are in."""


class Invalid(Refused):
    """The request itself is wrong."""


REFUSALS: dict[int, type[Refused]] = {
    HTTPStatus.UNAUTHORIZED: NotAuthorized,
    HTTPStatus.FORBIDDEN: NotAuthorized,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Invalid,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Invalid,
    HTTPStatus.UNPROCESSABLE_ENTITY: Invalid,
}


def read_problem(status: int, phrase: str, document: Mapping[str, Any]) -> Problem:
    """Read a problem document; one without `detail` and `code` is none of ours."""
    if not {"detail", "code"} <= document.keys():
        return Problem(status, f"http_{status}", f"{status} {phrase}")
    return Problem(
        status=status,
        code=document["code"],
        detail=document["detail"],
        errors=tuple(map(read_violation, document.get("errors") or [])),
        request_id=document.get("request_id"),
        document=dict(document),
    )


def read_violation(found: Mapping[str, Any]) -> Violation:
    place = found.get("file") or found["pointer"]
    return Violation(place, found["code"], found["message"])
