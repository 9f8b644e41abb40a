"""RFC 9457 problem documents: the body of every answer that is not 2xx."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

PROBLEM_JSON = "application/problem+json"
REQUEST_ID_HEADER = "X-Request-ID"


class Violation(BaseModel):
    """One thing that is wrong with a request, and where."""

    pointer: str = Field(description="JSON pointer, starting with body, query or path.")
    code: str
    message: str
    value: str | int | float | bool | None = None
    constraint: dict[str, Any] | None = None
    file: str | None = None


class Problem(BaseModel):
    """What went wrong, for a person and for a program."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    request_id: str
    errors: list[Violation] | None = None


def problem_response(
    request: Request,
    status: HTTPStatus,
    code: str,
    detail: str,
    errors: list[Violation] | None = None,
) -> JSONResponse:
    problem = Problem(
        type=f"urn:modelmill:error:{code}",
        title=status.phrase,
        status=status,
        code=code,
        detail=detail,
        instance=request.url.path,
        request_id=request_id(request.scope),
        errors=errors,
    )
    return JSONResponse(
        problem.model_dump(mode="json", exclude_none=True),
        status_code=status,
        media_type=PROBLEM_JSON,
    )


def request_id(scope: Mapping[str, Any]) -> str:
    """Return the id that app.api.envelope gave the request."""
    state: dict[str, str] = scope.get("state", {})
    return state.get("request_id") or str(uuid4())
