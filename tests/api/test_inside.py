"""One can look into a checkpoint: at filters, and at what layers make of a picture."""

import base64
from io import BytesIO
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session
from tests.factories import drawn_digit, encoded, read_problem, succeeded_job


@pytest.fixture
def checkpoint_id(engine: Engine) -> str:
    job = succeeded_job(engine)
    with read_session(engine) as session:
        return str(jobs.checkpoint_of_epoch(session, job.id, 1).id)


def test_the_first_convolution_s_filters_are_drawn(
    client: TestClient, checkpoint_id: str
) -> None:
    response = client.get(f"/checkpoints/{checkpoint_id}/filters.png")

    picture = Image.open(BytesIO(response.content))
    assert response.headers["content-type"] == "image/png"
    assert picture.size == (8 * 4 - 1, 4 * 4 - 1)  # 32 tiles of 3x3 with gaps


def test_a_named_convolution_s_filters_are_drawn(
    client: TestClient, checkpoint_id: str
) -> None:
    url = f"/checkpoints/{checkpoint_id}/filters.png"

    response = client.get(url, params={"layer": "4"})

    picture = Image.open(BytesIO(response.content))
    assert picture.size == (32 * 4 - 1, 64 * 4 - 1)  # a row a filter, of 32 channels


def test_a_sheet_of_filters_is_kept_for_good(
    client: TestClient, checkpoint_id: str
) -> None:
    response = client.get(f"/checkpoints/{checkpoint_id}/filters.png")

    assert "immutable" in response.headers["cache-control"]
    assert "private" in response.headers["cache-control"]


def test_a_layer_without_filters_is_refused(
    client: TestClient, checkpoint_id: str
) -> None:
    url = f"/checkpoints/{checkpoint_id}/filters.png"

    problem = read_problem(client.get(url, params={"layer": "1"}))

    assert (problem["status"], problem["code"]) == (422, "layer_not_found")
    assert problem["detail"] == "The network's convolutions are: 0, 4, 8."


def test_every_layer_shows_what_it_makes_of_a_picture(
    client: TestClient, checkpoint_id: str
) -> None:
    response = client.post(
        f"/checkpoints/{checkpoint_id}/feature-maps",
        files={"image": ("seven.png", encoded(drawn_digit()))},
    )

    answer = response.json()
    first, last = answer["layers"][0], answer["layers"][-1]
    picture = Image.open(BytesIO(base64.b64decode(first["png"])))
    assert answer["checkpoint"]["id"] == checkpoint_id
    assert (first["name"], first["kind"]) == ("0", "conv")
    assert first["output_shape"] == [32, 28, 28]
    assert (first["columns"], first["rows"]) == (8, 4)
    assert picture.size == (8 * 29 - 1, 4 * 29 - 1)
    assert (last["kind"], last["output_shape"]) == ("linear", [10])


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        (b"", 422, "empty_image"),
        (b"no picture", 415, "not_an_image"),
        (encoded(drawn_digit())[:200], 422, "corrupt_image"),
    ],
    ids=["empty", "text", "torn"],
)
def test_what_is_no_picture_is_refused(
    client: TestClient, checkpoint_id: str, picture: bytes, status: int, code: str
) -> None:
    response = client.post(
        f"/checkpoints/{checkpoint_id}/feature-maps", files={"image": ("a", picture)}
    )

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (status, code)


def test_a_form_without_a_picture_is_refused(
    client: TestClient, checkpoint_id: str
) -> None:
    response = client.post(
        f"/checkpoints/{checkpoint_id}/feature-maps", data={"image": "seven.png"}
    )

    assert read_problem(response)["status"] == 422


@pytest.mark.parametrize("unknown", [str(uuid4()), "none"], ids=["uuid", "word"])
def test_an_unknown_checkpoint_is_not_found(client: TestClient, unknown: str) -> None:
    picture = {"image": ("seven.png", encoded(drawn_digit()))}

    drawn = client.get(f"/checkpoints/{unknown}/filters.png")
    mapped = client.post(f"/checkpoints/{unknown}/feature-maps", files=picture)

    assert read_problem(drawn)["status"] == 404
    assert read_problem(mapped)["status"] == 404
