"""Error responses of the document, made by the handlers that answer real requests."""

import json
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.errors import (
    answer_framework_error,
    answer_invalid_request,
    answer_own_error,
    answer_unexpected_error,
)
from app.api.problems import PROBLEM_JSON, problem_response
from app.errors import ModelmillError

Responses = dict[int | str, dict[str, Any]]

SCHEMAS = "#/components/schemas/"
EXAMPLE_REQUEST_ID = "0b2f6c1e-9d35-4c7a-8f57-3a1d90c4e2b8"


def problems(*errors: Exception) -> Responses:
    """Document the errors that a route can answer, by status and then by code."""
    responses: Responses = {}
    for error in errors:
        merge(responses, documented(answer_to(error)))
    return responses


def answer_to(error: Exception) -> Response:
    request = example_request()
    if isinstance(error, ModelmillError):
        return answer_own_error(request, error)
    if isinstance(error, RequestValidationError):
        return answer_invalid_request(request, error)
    if isinstance(error, HTTPException):
        return answer_framework_error(request, error)
    return answer_unexpected_error(request, error)


def too_large() -> Responses:
    """Document the refusal of a body by its announced length."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = "The request body is larger than this route accepts."
    answer = problem_response(example_request(), status, "body_too_large", message)
    return documented(answer)


def example_request() -> Request:
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "path": "/",
            "query_string": b"",
            "headers": [],
            "state": {"request_id": EXAMPLE_REQUEST_ID},
        }
    )


def documented(answer: Response) -> Responses:
    problem = json.loads(bytes(answer.body))
    code = str(problem["code"])
    example = {"summary": code.replace("_", " ").capitalize(), "value": problem}
    content = {
        "schema": {"$ref": f"{SCHEMAS}Problem"},
        "examples": {code: example},
    }
    response = {"description": problem["title"], "content": {PROBLEM_JSON: content}}
    return {str(answer.status_code): response}


def merge(responses: Responses, more: Responses) -> None:
    """Add responses; where a status is known, add the codes that are not."""
    for status, response in more.items():
        known = responses.setdefault(status, response)["content"][PROBLEM_JSON]
        for code, example in response["content"][PROBLEM_JSON]["examples"].items():
            known["examples"].setdefault(code, example)
