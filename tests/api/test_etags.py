"""Who edits may suppose that nobody else did; who has something hears of changes."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.api.etags import is_known
from app.database.engine import write_session
from app.keys import store
from app.keys.scope import USUAL
from tests.api.test_datasets import shapes, upload, zipped
from tests.factories import drawn_digit, encoded, read_problem, succeeded_job

SPEC = {"epochs": 1}


@pytest.fixture
def job(client: TestClient) -> str:
    return f"/jobs/{client.post('/jobs', json=SPEC).json()['id']}"


@pytest.fixture
def key(engine: Engine) -> str:
    with write_session(engine) as session:
        row, _key = store.create_key(session, "test", USUAL)
    return f"/keys/{row.id}"


@pytest.fixture
def webhook(client: TestClient) -> str:
    made = client.post("/webhooks", json={"url": "https://example.com/hook"})
    return str(made.headers["location"])


def edit(client: TestClient, place: str, name: str, tag: str) -> Any:
    field = "description" if place.startswith("/webhooks") else "name"
    return client.patch(place, json={field: name}, headers={"If-Match": tag})


def name_of(shown: dict[str, Any]) -> Any:
    return shown.get("name", shown.get("description"))


@pytest.mark.parametrize("kind", ["job", "key", "webhook"])
def test_the_second_of_two_editors_is_told(
    client: TestClient, request: pytest.FixtureRequest, kind: str
) -> None:
    place = request.getfixturevalue(kind)
    tag = client.get(place).headers["etag"]

    first, second = (edit(client, place, name, tag) for name in ("one", "two"))

    assert (first.status_code, name_of(first.json())) == (200, "one")
    problem = read_problem(second)
    assert (problem["status"], problem["code"]) == (412, "precondition_failed")
    third = edit(client, place, "two", first.headers["etag"])
    assert name_of(third.json()) == name_of(client.get(place).json()) == "two"


def test_what_a_job_does_is_no_edit(client: TestClient, job: str) -> None:
    tag = client.get(job).headers["etag"]
    client.post(f"{job}/cancel")

    assert client.get(job).headers["etag"] != tag
    assert edit(client, job, "still mine", tag).status_code == 200


@pytest.mark.parametrize("tag", ["*", '"x", "0-00", "7"'])
def test_one_of_several_tags_is_enough(client: TestClient, job: str, tag: str) -> None:
    assert edit(client, job, "name", tag).status_code == 200


@pytest.mark.parametrize("tag", ['W/"0-00"', "0", '"other"', '"7"'])
def test_a_tag_that_is_not_its_own_edits_nothing(
    client: TestClient, job: str, tag: str
) -> None:
    assert read_problem(edit(client, job, "n", tag))["code"] == "precondition_failed"
    assert client.get(job).json()["name"] is None


def test_an_unknown_job_has_no_tags(client: TestClient) -> None:
    problem = read_problem(edit(client, f"/jobs/{uuid4()}", "n", '"0"'))

    assert problem["code"] == "job_not_found"


def model_with_two_versions(client: TestClient, engine: Engine) -> str:
    place = f"/jobs/{succeeded_job(engine).id}/checkpoints"
    [row] = client.get(place).json()["data"]
    client.post("/models", json={"name": "digits"})
    for _ in range(2):
        client.post("/models/digits/versions", json={"checkpoint_id": row["id"]})
    return "/models/digits/aliases/champion"


def test_an_alias_is_moved_from_where_it_was_seen(
    client: TestClient, engine: Engine
) -> None:
    place = model_with_two_versions(client, engine)

    def move(version: int, tag: str) -> Any:
        headers = {"If-Match": tag}
        return client.put(place, json={"version": version}, headers=headers)

    first = move(1, '"0"')
    again = move(2, '"0"')
    second = move(2, first.headers["etag"])
    late = client.delete(place, headers={"If-Match": first.headers["etag"]})
    gone = client.delete(place, headers={"If-Match": second.headers["etag"]})

    assert first.headers["etag"] == '"1"'
    assert read_problem(again)["code"] == "precondition_failed"
    assert "points at version 1" in read_problem(again)["detail"]
    assert read_problem(late)["status"] == 412
    assert gone.status_code == 204


def places(client: TestClient, engine: Engine) -> list[str]:
    job_id = succeeded_job(engine).id
    client.post("/models", json={"name": "digits"})
    archive = zipped({"a.png": encoded(drawn_digit())})
    bulk = client.post("/predictions", files={"file": ("a.zip", archive)}).json()
    dataset = upload(client, zipped(shapes()))
    return [
        f"/jobs/{job_id}",
        f"/jobs/{job_id}/checkpoints/1/download",
        "/models/digits",
        "/datasets/mnist",
        f"/datasets/{dataset['id']}",
        f"/predictions/{bulk['id']}",
    ]


def test_what_a_client_has_is_not_sent_again(
    client: TestClient, engine: Engine, key: str, webhook: str
) -> None:
    for place in [*places(client, engine), key, webhook]:
        first = client.get(place)
        again = client.get(place, headers={"If-None-Match": first.headers["etag"]})

        assert (first.status_code, again.status_code) == (200, 304), place
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]


def test_what_has_changed_is_sent(client: TestClient, job: str) -> None:
    tag = client.get(job).headers["etag"]
    client.patch(job, json={"name": "another"})

    answer = client.get(job, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.json()["name"]) == (200, "another")


@pytest.mark.parametrize(
    ("known", "expected"),
    [(None, False), ('"b"', False), ('"b", W/"a"', True), ("*", True)],
)
def test_tags_are_compared_weakly(known: str | None, *, expected: bool) -> None:
    assert is_known('"a"', known) is expected
