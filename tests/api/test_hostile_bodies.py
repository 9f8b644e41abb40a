"""No body, however made, gets past validation or breaks the service."""

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeQueue
from tests.factories import read_problem

HOSTILE: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 422),
    "null": (b"null", 422),
    "array instead of object": (b"[]", 422),
    "half an object": (b'{"epochs": 1', 422),
    "not UTF-8": (b'{"preset": "\xff\xfe"}', 400),
    "a PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff", 400),
    "NaN": (b'{"learning_rate": NaN}', 422),
    "minus infinity": (b'{"learning_rate": -Infinity}', 422),
    "a number above all floats": (b'{"learning_rate": 1e400}', 422),
    "an integer of 5000 digits": (b'{"epochs": ' + b"9" * 5000 + b"}", 400),
    "an integer of 100 digits": (b'{"seed": ' + b"9" * 100 + b"}", 422),
    "half a surrogate as a value": (b'{"preset": "\\ud800"}', 422),
    "half a surrogate as a name": (b'{"\\ud800": 1}', 422),
    "half a surrogate as a tag": (b'{"optimizer": {"kind": "\\ud800"}}', 422),
    "a zero character": (b'{"preset": "\\u0000"}', 422),
    "brackets without end": (b"[" * 100_000, 400),
    "objects without end": (b'{"a":' * 100_000, 400),
    "a tag of another type": (b'{"optimizer": {"kind": []}}', 422),
    "an optimizer that is none": (b'{"optimizer": 3}', 422),
}


@pytest.mark.parametrize(("body", "status"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_refused_and_starts_nothing(
    client: TestClient, queue: FakeQueue, body: bytes, status: int
) -> None:
    headers = {"content-type": "application/json"}

    response = client.post("/jobs", content=body, headers=headers)

    assert response.status_code == status
    assert read_problem(response)["instance"] == "/jobs"
    assert client.get("/jobs").json()["data"] == []
    assert queue.enqueued == []


@pytest.mark.parametrize("body", [b"\x89PNG\xff", b"{}"], ids=["a PNG", "JSON"])
def test_a_body_of_no_stated_type_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/jobs", content=body)

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (415, "unsupported_media_type")
    assert "application/json" in problem["detail"]


def test_a_form_is_no_job(client: TestClient) -> None:
    response = client.post("/jobs", files={"image": b"\x89PNG\xff"})

    assert read_problem(response)["code"] == "unsupported_media_type"
