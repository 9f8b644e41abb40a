"""Every example of the OpenAPI document is what its schema and the service say."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from PIL import Image

from app.api.openapi.examples import JOB_ID
from app.api.problems import PROBLEM_JSON

Json = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """One body of a request or an answer, and where it stands."""

    place: str
    media_type: str
    schema: Json
    examples: Json


FILES = {
    "get /jobs/compare.{kind} 200",
    "get /checkpoints/{checkpoint_id}/export 200",
    "get /checkpoints/{checkpoint_id}/filters.png 200",
    "get /jobs/{job_id}/checkpoints/{epoch}/download 200",
    "get /datasets/{dataset_id}/contact-sheet.png 200",
    "get /jobs/{job_id}/report/curves.{kind} 200",
    "get /jobs/{job_id}/report/confusion-matrix.{kind} 200",
    "get /jobs/{job_id}/report/calibration.{kind} 200",
    "get /jobs/{job_id}/report/worst-images.{kind} 200",
}


def contents(document: Json) -> Iterator[Content]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            bodies = {"request": operation.get("requestBody", {})}
            for status, body in (bodies | operation["responses"]).items():
                for media_type, content in body.get("content", {}).items():
                    place = f"{method} {path} {status}"
                    examples = content.get("examples", {})
                    yield Content(place, media_type, content["schema"], examples)


def faults(document: Json, schema: Json, value: object) -> list[str]:
    validator = OAS31Validator(
        {**schema, "components": document["components"]},
        format_checker=oas31_format_checker,
    )
    return [error.message for error in validator.iter_errors(value)]


def test_every_body_has_an_example(document: Json) -> None:
    without = {content.place for content in contents(document) if not content.examples}

    assert without == FILES


def test_every_example_follows_its_schema(document: Json) -> None:
    wrong = {
        f"{content.place} {name}": found
        for content in contents(document)
        for name, example in content.examples.items()
        if (found := faults(document, content.schema, example["value"]))
    }

    assert wrong == {}


def test_the_example_of_the_event_stream_holds_what_its_schema_says(
    document: Json,
) -> None:
    [stream] = [
        content
        for content in contents(document)
        if content.media_type == "text/event-stream"
    ]
    properties = stream.schema["contentSchema"]["items"]["properties"]
    lines = stream.examples["epoch"]["value"].splitlines()

    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]

    assert len(data) == 2
    for text in data:
        assert not faults(
            document, properties["data"]["contentSchema"], json.loads(text)
        )


def documented(document: Json, operation: str, status: int, code: str) -> Json:
    method, path = operation.split()
    content = document["paths"][path][method]["responses"][str(status)]["content"]
    value: Json = content[PROBLEM_JSON]["examples"][code]["value"]
    return value


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("L", (28, 28)).save(written, "PNG")
    return written.getvalue()


JSON_HEADERS = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("operation", "code", "request_parts"),
    [
        ("post /jobs", "invalid_request", {"json": {"epochs": 5000}}),
        ("post /jobs", "bad_request", {"content": b"\xff", "headers": JSON_HEADERS}),
        ("post /jobs", "body_too_large", {"content": b" " * 2_000_000}),
        ("get /jobs", "invalid_request", {"params": {"limit": 500}}),
        ("get /jobs", "unknown_cursor", {"params": {"after": str(JOB_ID)}}),
        ("get /jobs/{job_id}", "job_not_found", {}),
        ("patch /jobs/{job_id}", "job_not_found", {"json": {}}),
        ("delete /jobs/{job_id}", "job_not_found", {}),
        ("post /jobs/{job_id}/stop", "job_not_found", {}),
        ("post /jobs/{job_id}/retry", "job_not_found", {"json": {}}),
        ("get /jobs/{job_id}/logs", "job_not_found", {}),
        ("get /jobs/{job_id}/metrics", "job_not_found", {}),
        ("get /jobs/{job_id}/report", "job_not_found", {}),
        ("get /jobs/{job_id}/report/curves.{kind}", "job_not_found", {}),
        ("get /jobs/{job_id}/report/calibration.{kind}", "job_not_found", {}),
        ("get /jobs/{job_id}/events", "job_not_found", {}),
        ("get /jobs/{job_id}/checkpoints", "job_not_found", {}),
        ("post /predict", "invalid_request", {}),
        (
            "post /predict",
            "not_an_image",
            {"files": {"image": ("notes.txt", b"seven")}},
        ),
        (
            "post /predict",
            "empty_image",
            {"files": {"images": ("empty.png", b"")}},
        ),
        (
            "post /predict",
            "no_checkpoint_yet",
            {"files": {"image": ("seven.png", picture())}},
        ),
    ],
)
def test_a_documented_refusal_is_the_real_one(
    client: TestClient, document: Json, operation: str, code: str, request_parts: Json
) -> None:
    method, path = operation.split()

    response = client.request(
        method, path.format(job_id=JOB_ID, kind="svg"), **request_parts
    ).json()

    example = documented(document, operation, response["status"], code)
    assert response == {**example, "request_id": response["request_id"]}


def test_a_created_job_carries_the_documented_headers(
    client: TestClient, document: Json
) -> None:
    created = document["paths"]["/jobs"]["post"]["responses"]["201"]

    response = client.post("/jobs", json={})

    where_rates_are_set = {"RateLimit", "RateLimit-Policy"}
    always = set(created["headers"]) - where_rates_are_set
    assert all(name in response.headers for name in always)
