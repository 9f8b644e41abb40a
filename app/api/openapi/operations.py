"""What every operation is given: words, refusals, headers and no null parameters."""

import json
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.errors import NOT_JSON
from app.api.openapi.answers import JSON
from app.api.openapi.examples import CHECKPOINT_ID, JOB_ID
from app.api.openapi.refusals import merge, problems, too_large
from app.api.patience import TooSlow
from app.api.problems import PROBLEM_JSON, REQUEST_ID_HEADER
from app.errors import TooManyConnections, UnsupportedMediaType

Json = dict[str, Any]

RETRY_AFTER_HEADER = "Retry-After"
HEADERS: Json = {
    REQUEST_ID_HEADER: {
        "description": "Names this request in the service's log: as the client named "
        "it, if with up to 64 letters, digits and `._~-`.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,64}$"},
    },
    RETRY_AFTER_HEADER: {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Policy": {
        "description": "Where requests are counted: their class, how many of them, and "
        "in how many seconds.",
        "schema": {"type": "string", "examples": ['"predict";q=600;w=60']},
    },
    "RateLimit": {
        "description": "How many of them are left, and in how many seconds all are.",
        "schema": {"type": "string", "examples": ['"predict";r=599;t=1']},
    },
}
ANY_TEXT = {"If-Match", "If-None-Match"}  # nothing in them is refused as invalid
COUNTED_HEADERS = ["RateLimit-Policy", "RateLimit"]
NULL = {"type": "null"}
PLACEHOLDERS = {
    "{job_id}": str(JOB_ID),
    "{prediction_id}": "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
    "{webhook_id}": "7d0c1c2e-3a55-4a8e-9d1f-5b7f3c2a9e10",
    "{delivery_id}": "c2a7a4f6-6c0b-4a64-8f0e-2d8f5f6a1b33",
    "{key_id}": "5f1c09a7be32",
    "{dataset_id}": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "{checkpoint_id}": str(CHECKPOINT_ID),
    "{epoch}": "2",
    "{kind}": "svg",
    "{name}": "digits",
    "{version}": "1",
    "{alias}": "champion",
}
UNREADABLE = HTTPException(
    HTTPStatus.BAD_REQUEST, detail="There was an error parsing the body"
)
NO_ID = RequestValidationError(
    [{"type": "uuid_parsing", "loc": ("path", "job_id"), "msg": "Not a UUID"}]
)
# One example of a broken value for each place that a request can carry values in.
BROKEN: Json = {
    "query": {
        "type": "less_than_equal",
        "loc": ("query", "limit"),
        "msg": "Input should be less than or equal to 100",
        "input": "500",
        "ctx": {"le": 100},
    },
    "header": {
        "type": "greater_than_equal",
        "loc": ("header", "last-event-id"),
        "msg": "Input should be greater than or equal to 0",
        "input": "-1",
        "ctx": {"ge": 0},
    },
    "body": {
        "type": "less_than_equal",
        "loc": ("body", "epochs"),
        "msg": "Input should be less than or equal to 1000",
        "input": 5000,
        "ctx": {"le": 1000},
    },
}


def complete_operation(path: str, operation: Json) -> None:
    """Turn what FastAPI knows of a route into all that a client must know."""
    put_into_words(operation)
    for parameter in operation.get("parameters", []):
        parameter["schema"] = without_null(parameter["schema"])
    add_refusals(operation)
    usual = [REQUEST_ID_HEADER, *(COUNTED_HEADERS if operation["security"] else [])]
    for status, response in operation["responses"].items():
        more = [RETRY_AFTER_HEADER] if status in ("429", "503") else []
        finish_response(response, example_path(path), [*usual, *more])


def put_into_words(operation: Json) -> None:
    """Make a docstring's first line the summary and its other lines the description."""
    summary, _blank, description = operation["description"].partition("\n\n")
    operation["summary"] = summary.removesuffix(".")
    operation["description"] = description


def without_null(schema: Json) -> Json:
    """Drop the null of an optional value: outside of JSON there is none."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != NULL]
    others = {name: value for name, value in schema.items() if name != "anyOf"}
    if len(choices) == 1:
        return {**choices[0], **others}
    return {**others, "anyOf": choices} if choices else schema


def add_refusals(operation: Json) -> None:
    """Add what the framework itself refuses; its own guess of a 422 goes."""
    responses = operation["responses"]
    if PROBLEM_JSON not in responses.get("422", {}).get("content", {}):
        responses.pop("422", None)
    places = {
        parameter["in"]
        for parameter in operation.get("parameters", [])
        if parameter["name"] not in ANY_TEXT
    }
    if "path" in places:
        merge(responses, problems(NO_ID))
    if "requestBody" in operation:
        places = {"body"}  # one example is enough
        merge(responses, {**problems(UNREADABLE, TooSlow()), **too_large()})
        if [*operation["requestBody"]["content"]] == [JSON]:
            merge(responses, problems(UnsupportedMediaType(NOT_JSON)))
    if broken := [BROKEN[place] for place in BROKEN if place in places]:
        merge(responses, problems(RequestValidationError(broken)))
    merge(responses, problems(Exception(), TooManyConnections()))
    operation["responses"] = dict(sorted(responses.items()))


def finish_response(response: Json, path: str, names: list[str]) -> None:
    """Name the headers that an answer has, and the codes and path of a problem."""
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    response["headers"] = response.get("headers", {}) | headers
    content = response.get("content", {})  # 204 has none
    for body in content.values():
        body.pop("itemSchema", None)  # a word of OpenAPI 3.2, which FastAPI writes
    for example in content.get(JSON, {}).get("examples", {}).values():
        example["value"] = json.loads(example["value"])
    if PROBLEM_JSON in content:
        examples = content[PROBLEM_JSON]["examples"]
        codes = ", ".join(f"`{code}`" for code in examples)
        response["description"] += f": {codes}"
        for example in examples.values():
            example["value"]["instance"] = path


def example_path(path: str) -> str:
    for placeholder, value in PLACEHOLDERS.items():
        path = path.replace(placeholder, value)
    return path
