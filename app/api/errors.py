"""Errors to problem documents: the one place that knows both."""

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.api.allow import allowed_methods
from app.api.problems import Violation, problem_response
from app.errors import (
    AliasMoved,
    AliasNotFound,
    AnimatedImage,
    ArchiveRefused,
    BulkBusy,
    BulkNotFinished,
    BulkNotFound,
    Busy,
    CheckpointInUse,
    CheckpointMismatch,
    CheckpointNotFound,
    CorruptImage,
    DatabaseUnavailable,
    DatasetInUse,
    DatasetNotFound,
    DatasetReportNotFound,
    DeliveryNotFound,
    EmptyImage,
    IdempotencyKeyReused,
    ImageRefused,
    ImagesRefused,
    ImageTooLarge,
    JobNotFinished,
    JobNotFound,
    KeyAlreadyShown,
    KeyMissing,
    KeyNotFound,
    KeyRefused,
    LayerNotFound,
    ModelExists,
    ModelInUse,
    ModelmillError,
    ModelNotFound,
    NoCheckpointYet,
    NotAnImage,
    NotZip,
    PreconditionFailed,
    PredictorBusy,
    PreprocessMismatch,
    QuotaExceeded,
    RateLimited,
    RateLimitsUnavailable,
    ReportNotFound,
    ScopeMissing,
    StorageFull,
    TooManyConnections,
    TooManyWebhooks,
    UnknownCursor,
    UnsupportedMediaType,
    UploadRefused,
    VersionNotFound,
    WebhookDisabled,
    WebhookNotFound,
    WebhookRefused,
    WrongStatus,
    error_code,
)

STATUS_CODES: dict[type[ModelmillError], HTTPStatus] = {
    JobNotFound: HTTPStatus.NOT_FOUND,
    CheckpointNotFound: HTTPStatus.NOT_FOUND,
    ReportNotFound: HTTPStatus.NOT_FOUND,
    IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyAlreadyShown: HTTPStatus.CONFLICT,
    KeyMissing: HTTPStatus.UNAUTHORIZED,
    KeyRefused: HTTPStatus.UNAUTHORIZED,
    ScopeMissing: HTTPStatus.FORBIDDEN,
    KeyNotFound: HTTPStatus.NOT_FOUND,
    TooManyConnections: HTTPStatus.SERVICE_UNAVAILABLE,
    QuotaExceeded: HTTPStatus.FORBIDDEN,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    RateLimitsUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelNotFound: HTTPStatus.NOT_FOUND,
    VersionNotFound: HTTPStatus.NOT_FOUND,
    AliasNotFound: HTTPStatus.NOT_FOUND,
    ModelExists: HTTPStatus.CONFLICT,
    ModelInUse: HTTPStatus.CONFLICT,
    AliasMoved: HTTPStatus.CONFLICT,
    CheckpointInUse: HTTPStatus.CONFLICT,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    UnknownCursor: HTTPStatus.UNPROCESSABLE_ENTITY,
    CheckpointMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    PreprocessMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    LayerNotFound: HTTPStatus.UNPROCESSABLE_ENTITY,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    PredictorBusy: HTTPStatus.TOO_MANY_REQUESTS,
    DatasetNotFound: HTTPStatus.NOT_FOUND,
    DatasetReportNotFound: HTTPStatus.NOT_FOUND,
    DatasetInUse: HTTPStatus.CONFLICT,
    ArchiveRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    UploadRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    WrongStatus: HTTPStatus.CONFLICT,
    JobNotFinished: HTTPStatus.CONFLICT,
    StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
    NoCheckpointYet: HTTPStatus.CONFLICT,
    DatabaseUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    BulkNotFound: HTTPStatus.NOT_FOUND,
    BulkNotFinished: HTTPStatus.CONFLICT,
    BulkBusy: HTTPStatus.TOO_MANY_REQUESTS,
    NotZip: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    WebhookNotFound: HTTPStatus.NOT_FOUND,
    DeliveryNotFound: HTTPStatus.NOT_FOUND,
    WebhookRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    WebhookDisabled: HTTPStatus.CONFLICT,
    TooManyWebhooks: HTTPStatus.CONFLICT,
    EmptyImage: HTTPStatus.UNPROCESSABLE_ENTITY,
    CorruptImage: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAnImage: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    AnimatedImage: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ImageTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
# Our own words: http.HTTPStatus.phrase changes from one Python to the next.
FRAMEWORK_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "body_too_large",
}
CHALLENGE = 'Bearer realm="modelmill"'
INVALID_REQUEST = "invalid_request"
RETRY_AFTER_SECONDS = {503: "5", 429: "1"}
LONGEST_ECHO = 200
NOT_JSON = "Send the body as JSON, with `Content-Type: application/json`."


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ModelmillError, answer_own_error)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    app.add_exception_handler(HTTPException, answer_framework_error)
    app.add_exception_handler(OperationalError, answer_database_away)
    app.add_exception_handler(PoolTimeout, answer_database_away)
    app.add_exception_handler(Exception, answer_unexpected_error)


def answer_own_error(request: Request, error: Exception) -> Response:
    if isinstance(error, ImagesRefused):
        return answer_refused_images(request, error)
    status = next(
        (status for kind, status in STATUS_CODES.items() if isinstance(error, kind)),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    response = problem_response(request, status, error_code(type(error)), str(error))
    if status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS[status]
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.retry_after)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def answer_refused_images(request: Request, error: ImagesRefused) -> Response:
    """Name every file that was refused; the status is theirs if they agree."""
    violations = [
        refusal(place, name, reason) for place, (name, reason) in error.refused.items()
    ]
    kinds = {type(reason) for _name, reason in error.refused.values()}
    statuses = {STATUS_CODES[kind] for kind in kinds}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if len(statuses) > 1 else statuses.pop()
    code = "images_refused" if len(kinds) > 1 else error_code(kinds.pop())
    return problem_response(request, status, code, str(error), violations)


def refusal(place: int, name: str, reason: ImageRefused) -> Violation:
    """Say why the upload at this place, counted from 0, is not read."""
    return Violation(
        pointer=f"/body/images/{place}",
        code=error_code(type(reason)),
        message=str(reason),
        file=name,
    )


def answer_invalid_request(request: Request, error: Exception) -> Response:
    """List all violations; an id in the path that is none is simply not found."""
    details = error.errors() if isinstance(error, RequestValidationError) else []
    if details and all(detail["loc"][0] == "path" for detail in details):
        status, code = HTTPStatus.NOT_FOUND, "not_found"
        message = "There is nothing at this address."
        return problem_response(request, status, code, message)
    body = error.body if isinstance(error, RequestValidationError) else None
    if isinstance(body, bytes):  # nobody said that it is JSON, so nobody has read it
        return answer_own_error(request, UnsupportedMediaType(NOT_JSON))
    violations = [violation(detail, body) for detail in details]
    count = len(violations)
    message = "The request is not valid: " + (
        violations[0].message if count == 1 else f"{count} things are wrong."
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem_response(request, status, INVALID_REQUEST, message, violations)


def violation(detail: Mapping[str, Any], body: object) -> Violation:
    """Keep what helps; the echoed input may be bytes, NaN or half a gigabyte."""
    pointer = "/".join(("", *map(escape, without_tags(detail, body))))
    context = {
        name: value
        for name, value in detail.get("ctx", {}).items()
        if is_echoable(value)
    }
    value = detail.get("input")
    return Violation(
        pointer=pointer,
        code=detail["type"],
        message=detail["msg"],
        value=value if is_echoable(value) else None,
        constraint=context or None,
    )


def without_tags(detail: Mapping[str, Any], body: object) -> Iterator[int | str]:
    """Drop the union tags that pydantic puts among the keys of the real body."""
    here: object = {"body": body}
    location: tuple[int | str, ...] = detail["loc"]
    for place, part in enumerate(location):
        is_missing = detail["type"] == "missing" and place == len(location) - 1
        is_scalar = isinstance(here, str | int | float) and place > 1
        is_unknown = is_scalar or (isinstance(here, dict) and part not in here)
        if is_unknown and place > 0 and not is_missing:
            continue
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        yield part


def escape(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def is_echoable(value: object) -> bool:
    """Say whether a value is a small scalar that JSON and UTF-8 can carry."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        return len(value) <= LONGEST_ECHO and value.isprintable()
    return isinstance(value, bool) or (
        isinstance(value, int) and value.bit_length() <= LONGEST_ECHO
    )


def answer_framework_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return answer_unexpected_error(request, error)
    status = HTTPStatus(error.status_code)
    code = FRAMEWORK_CODES.get(error.status_code, f"http_{error.status_code}")
    response = problem_response(request, status, code, str(error.detail))
    response.headers.update(error.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = allowed_methods(request)
    return response


def answer_database_away(request: Request, _error: Exception) -> Response:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = "The database cannot be used at the moment; nothing was changed."
    response = problem_response(request, status, "database_unavailable", message)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS[status]
    return response


def answer_unexpected_error(request: Request, _error: Exception) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    message = "This is a fault of the service; its log has the details."
    return problem_response(request, status, "internal_error", message)
