"""A zip goes in, and a row for each of its files comes out."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.bulk.runner import BulkRunner
from app.bulk.staging import archive_path, folder_of
from app.database.engine import write_session
from app.keys import store
from app.keys.scope import Scope
from app.main import create_app
from app.models import Job
from app.settings import Settings
from tests.bulk.zips import IMAGES, digits, zipped
from tests.factories import read_problem

ZIP = {"Content-Type": "application/zip"}
Json = dict[str, Any]


def submitted(client: TestClient, archive: bytes, query: str = "") -> Json:
    response = client.post(f"/predictions{query}", content=archive, headers=ZIP)
    assert response.status_code == 201, response.text
    assert response.headers["location"] == f"/predictions/{response.json()['id']}"
    found: Json = response.json()
    return found


def rows_of(client: TestClient, bulk: Json) -> list[Json]:
    response = client.get(f"/predictions/{bulk['id']}/result")
    assert response.status_code == 200
    return [json.loads(line) for line in response.text.splitlines()]


def test_every_picture_is_answered_as_predict_does(
    client: TestClient, runner: BulkRunner, job: Job
) -> None:
    bulk = submitted(client, zipped(digits(10)))

    runner.work_off()

    files = [("images", (name, data)) for name, data in digits(10).items()]
    asked = client.post("/predict", files=files).json()
    rows = rows_of(client, bulk)
    shown = client.get(f"/predictions/{bulk['id']}").json()
    assert (bulk["status"], bulk["images"], bulk["is_terminal"]) == (
        "queued",
        10,
        False,
    )
    assert (shown["status"], shown["images_done"]) == ("succeeded", 10)
    assert shown["checkpoint"] == asked["checkpoint"]
    assert [row["label"] for row in rows] == [one["label"] for one in asked["data"]]
    assert rows[3]["file"] == "00003.png"
    assert rows[3]["probabilities"] == pytest.approx(asked["data"][3]["probabilities"])
    assert [row["reason"] for row in rows] == [one["reason"] for one in asked["data"]]


def test_a_zip_comes_as_a_form_too(
    client: TestClient, runner: BulkRunner, job: Job
) -> None:
    files = {"file": ("digits.zip", zipped(digits(2)))}

    response = client.post("/predictions", files=files)

    runner.work_off()
    assert response.status_code == 201
    assert len(rows_of(client, response.json())) == 2


def test_a_form_without_a_file_is_refused(client: TestClient, job: Job) -> None:
    response = client.post("/predictions", files={"file": (None, b"seven")})

    problem = read_problem(response)
    assert (problem["status"], problem["errors"][0]["pointer"]) == (422, "/body/file")


def test_a_body_of_another_type_is_refused(client: TestClient, job: Job) -> None:
    headers = {"Content-Type": "image/png"}

    problem = read_problem(
        client.post("/predictions", content=IMAGES[0], headers=headers)
    )

    assert (problem["status"], problem["code"]) == (415, "not_zip")


def test_a_zip_above_its_limit_is_cut_off_as_it_comes(
    settings: Settings, job: Job
) -> None:
    app = create_app(settings.model_copy(update={"max_bulk_bytes": 1000}))

    def chunks() -> Iterator[bytes]:
        yield from [bytes(100)] * 100

    client = TestClient(app)
    problem = read_problem(client.post("/predictions", content=chunks(), headers=ZIP))

    assert (problem["status"], problem["code"]) == (413, "body_too_large")
    assert list((settings.data_dir / "bulk").iterdir()) == []
    app.state.services.choices.close()
    app.state.services.engine.dispose()


def test_nothing_is_taken_while_nobody_can_answer(client: TestClient) -> None:
    problem = read_problem(client.post("/predictions", content=b"", headers=ZIP))

    assert (problem["status"], problem["code"]) == (409, "no_checkpoint_yet")


def test_too_many_zips_are_refused_and_not_kept(
    app: FastAPI, settings: Settings, job: Job
) -> None:
    few = settings.model_copy(update={"bulk_queue": 1})
    app.state.services = replace(app.state.services, settings=few)
    client = TestClient(app)
    first = submitted(client, zipped(digits(1)))

    response = client.post("/predictions", content=zipped(digits(1)), headers=ZIP)

    assert read_problem(response)["code"] == "bulk_busy"
    assert response.headers["retry-after"]
    assert [path.name for path in (settings.data_dir / "bulk").iterdir()] == [
        first["id"]
    ]


def test_a_result_is_there_only_at_the_end(client: TestClient, job: Job) -> None:
    bulk = submitted(client, zipped(digits(1)))

    problem = read_problem(client.get(f"/predictions/{bulk['id']}/result"))

    assert (problem["status"], problem["code"]) == (409, "bulk_not_finished")


def test_a_result_is_a_table_for_spreadsheets_on_request(
    client: TestClient, runner: BulkRunner, job: Job
) -> None:
    archive = zipped({'a,"b".png': IMAGES[0], "=1+1.png": b"seven"})
    bulk = submitted(client, archive)
    runner.work_off()

    response = client.get(f"/predictions/{bulk['id']}/result?format=csv")

    first, second = csv.DictReader(StringIO(response.text))
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert first["file"] == 'a,"b".png'
    assert first["label"] in "0123456789"
    assert first["error"] == ""
    assert (second["file"], second["label"]) == ("'=1+1.png", "")
    assert second["error"] == "not_an_image"


def test_predictions_are_listed_newest_first(client: TestClient, job: Job) -> None:
    ids = [submitted(client, zipped(digits(1)))["id"] for _time in range(3)]

    page = client.get("/predictions?limit=2").json()
    rest = client.get(f"/predictions?after={page['last_id']}").json()

    assert [one["id"] for one in page["data"]] == [ids[2], ids[1]]
    assert page["has_more"]
    assert [one["id"] for one in rest["data"]] == [ids[0]]
    assert not rest["has_more"]


def test_a_list_of_none_has_no_ends(client: TestClient) -> None:
    page = client.get("/predictions").json()

    assert (page["data"], page["first_id"], page["last_id"]) == ([], None, None)


def test_a_list_goes_on_from_nowhere_else(client: TestClient) -> None:
    problem = read_problem(client.get(f"/predictions?after={uuid4()}"))

    assert problem["code"] == "unknown_cursor"


@pytest.mark.parametrize("query", ["job_id", "checkpoint_id"])
def test_what_is_named_answers(client: TestClient, job: Job, query: str) -> None:
    problem = read_problem(
        client.post(f"/predictions?{query}={uuid4()}", content=b"", headers=ZIP)
    )

    assert problem["status"] == 404


def test_the_preprocessing_that_was_asked_for_is_used(
    client: TestClient, runner: BulkRunner, job: Job
) -> None:
    bulk = submitted(client, zipped(digits(3)), "?preprocess=none&epoch=best")

    runner.work_off()

    files = [("images", (name, data)) for name, data in digits(3).items()]
    asked = client.post("/predict?preprocess=none", files=files).json()["data"]
    assert bulk["preprocess"] == "none"
    assert [row["confidence"] for row in rows_of(client, bulk)] == pytest.approx(
        [one["confidence"] for one in asked]
    )


def test_what_is_deleted_is_gone(
    client: TestClient, runner: BulkRunner, settings: Settings, job: Job
) -> None:
    waiting = submitted(client, zipped(digits(1)))
    done = submitted(client, zipped(digits(1)))
    runner.work_off()

    for bulk in (waiting, done):
        assert client.delete(f"/predictions/{bulk['id']}").status_code == 204
        assert client.get(f"/predictions/{bulk['id']}").status_code == 404
        assert client.delete(f"/predictions/{bulk['id']}").status_code == 404
    assert list((settings.data_dir / "bulk").iterdir()) == []


def test_the_zip_is_deleted_once_it_is_done(
    client: TestClient, runner: BulkRunner, settings: Settings, job: Job
) -> None:
    bulk = submitted(client, zipped(digits(1)))
    path = archive_path(settings.data_dir, bulk["id"])
    assert path.exists()

    runner.work_off()

    assert not folder_of(settings.data_dir, bulk["id"]).exists()


def test_those_of_other_keys_are_not_seen(
    app: FastAPI, settings: Settings, engine: Engine, job: Job
) -> None:
    own = settings.model_copy(update={"auth": "on", "key_sees": "own"})
    app.state.services = replace(app.state.services, settings=own)
    with write_session(engine) as session:
        keys = [
            store.create_key(session, name, scopes)[1]
            for name, scopes in (("a", [Scope.PREDICT]), ("b", [Scope.ADMIN]))
        ]
    stranger, owner = (
        TestClient(app, headers={"authorization": f"Bearer {key}"}) for key in keys
    )
    bulk = submitted(owner, zipped(digits(1)))
    path = f"/predictions/{bulk['id']}"

    assert stranger.get("/predictions").json()["data"] == []
    assert stranger.get(path).status_code == 404
    assert stranger.delete(path).status_code == 404
    assert stranger.get(f"/predictions?after={bulk['id']}").status_code == 422
    assert len(owner.get("/predictions").json()["data"]) == 1
