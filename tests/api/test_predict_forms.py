"""A picture is the same picture in a form, as the body, in base64 and as numbers."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app.main import create_app
from app.settings import Settings
from tests.factories import bars, drawn_digit, encoded, read_problem, succeeded_job

PNG = encoded(drawn_digit())
TEXT = base64.b64encode(PNG).decode()
PIXELS = bars(1)[0][0]
Json = dict[str, Any]


def errors_of(client: TestClient, body: object) -> list[Json]:
    problem = read_problem(client.post("/predict", json=body))
    assert (problem["status"], problem["code"]) == (422, "invalid_request")
    errors: list[Json] = problem["errors"]
    return errors


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"content": PNG, "headers": {"content-type": kind}}, id=kind)
        for kind in (
            "image/png",
            "IMAGE/JPEG; quality=1",
            "image/anything",
            "application/octet-stream",
        )
    ]
    + [
        pytest.param({"content": PNG}, id="unnamed"),
        pytest.param({"json": {"images": [{"image": TEXT}]}}, id="base64"),
        pytest.param(
            {"json": {"images": [{"image": f"data:image/png;base64,{TEXT}"}]}},
            id="data-url",
        ),
    ],
)
def test_a_picture_is_the_same_in_every_form(
    client: TestClient, engine: Engine, body: Json
) -> None:
    succeeded_job(engine)
    files = {"image": ("unnamed", PNG)}

    answer = client.post("/predict", **body)

    assert answer.status_code == 200
    assert answer.json() == client.post("/predict", files=files).json()


def test_grey_levels_are_read_as_their_file_would_be(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    file = base64.b64encode(encoded(Image.fromarray(PIXELS))).decode()
    items = [{"pixels": PIXELS.tolist(), "name": "a"}, {"image": file, "name": "b"}]

    first, second = client.post("/predict", json={"images": items}).json()["data"]

    assert (first.pop("file"), second.pop("file")) == ("a", "b")
    assert first == second


def test_every_violation_in_json_is_named_at_once(client: TestClient) -> None:
    wrong = PIXELS.tolist()
    wrong[3][4] = 256
    items = [
        {"pixels": wrong, "nam": "a"},
        {"image": "seven!"},
        {"image": 7},
        {"name": ""},
        3,
    ]

    errors = errors_of(client, {"images": items})

    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/body/images/0/pixels/3/4", "less_than_equal"),
        ("/body/images/0/nam", "extra_forbidden"),
        ("/body/images/1/image", "base64"),
        ("/body/images/2/image", "string_type"),
        ("/body/images/3/image", "missing"),
        ("/body/images/3/name", "string_too_short"),
        ("/body/images/4", "model_type"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        pytest.param({}, "/body/images", "missing", id="nothing"),
        pytest.param({"images": []}, "/body/images", "too_short", id="none"),
        pytest.param([], "/body", "model_type", id="list"),
        pytest.param(
            {"images": [{"pixels": [[0] * 28] * 27}]},
            "/body/images/0/pixels",
            "wrong_shape",
            id="too-few-rows",
        ),
        pytest.param(
            {"images": [{"pixels": [[[0] * 3] * 28] * 28}]},
            "/body/images/0/pixels",
            "wrong_shape",
            id="colours",
        ),
        pytest.param(
            {"images": [{"pixels": [[0] * 28] * 27 + [[0]]}]},
            "/body/images/0/pixels",
            "ragged_rows",
            id="ragged",
        ),
    ],
)
def test_json_without_pictures_is_refused(
    client: TestClient, body: object, pointer: str, code: str
) -> None:
    [error] = errors_of(client, body)

    assert (error["pointer"], error["code"]) == (pointer, code)


def test_what_is_not_json_is_refused(client: TestClient) -> None:
    headers = {"content-type": "application/json"}

    problem = read_problem(client.post("/predict", content=b"{", headers=headers))

    [error] = problem["errors"]
    assert (problem["status"], error["code"]) == (422, "json_invalid")


def test_more_pictures_in_json_than_are_taken_are_refused(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"max_upload_files": 2}))

    [error] = errors_of(TestClient(app), {"images": [{"image": TEXT}] * 3})

    assert (error["pointer"], error["constraint"]) == (
        "/body/images",
        {"max_length": 2},
    )
    app.state.services.engine.dispose()


def test_no_more_than_a_hundred_violations_are_written(client: TestClient) -> None:
    pixels = np.full((28, 28), -1).tolist()

    assert len(errors_of(client, {"images": [{"pixels": pixels}]})) == 100


@pytest.mark.parametrize("kind", ["text/plain", "application/pdf", "application/zip"])
def test_other_bodies_are_no_pictures(client: TestClient, kind: str) -> None:
    headers = {"content-type": kind}

    problem = read_problem(client.post("/predict", content=PNG, headers=headers))

    assert (problem["status"], problem["code"]) == (415, "unsupported_media_type")


def test_an_empty_picture_is_refused_as_such(client: TestClient) -> None:
    headers = {"content-type": "image/png"}

    problem = read_problem(client.post("/predict", content=b"", headers=headers))

    assert (problem["status"], problem["code"]) == (422, "empty_image")


@pytest.mark.parametrize("kind", ["image/png", "application/json"])
def test_a_body_of_untold_length_is_cut_off_at_the_limit(
    settings: Settings, kind: str
) -> None:
    app = create_app(settings.model_copy(update={"max_upload_bytes": 1000}))

    def chunks() -> Iterator[bytes]:
        yield from [bytes(100)] * 100

    headers = {"content-type": kind}
    response = TestClient(app).post("/predict", content=chunks(), headers=headers)

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (413, "body_too_large")
    app.state.services.engine.dispose()
