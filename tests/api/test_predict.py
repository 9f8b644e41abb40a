"""Pictures are classified by a checkpoint that the answer names."""

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.factories import (
    DIGITS,
    drawn_digit,
    encoded,
    finish_job,
    record_epoch,
    running_job,
    succeeded_job,
)

PNG = encoded(drawn_digit())
ONE = {"image": ("seven.png", PNG)}
Upload = tuple[str, tuple[str, bytes]]


def images(**files: bytes) -> list[Upload]:
    return [("images", (name, content)) for name, content in files.items()]


def posted_as(client: TestClient, name: bytes, charset: str = "") -> httpx2.Response:
    """Upload a picture under a name no ordinary client would send."""
    disposition = b'form-data; name="image"; filename="' + name + b'"'
    head = b"--edge\r\nContent-Disposition: " + disposition + b"\r\n\r\n"
    content_type = f"multipart/form-data; boundary=edge{charset}"
    return client.post(
        "/predict",
        content=head + PNG + b"\r\n--edge--\r\n",
        headers={"content-type": content_type},
    )


def test_a_picture_gets_a_label_and_ten_probabilities(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)

    response = client.post("/predict", files=ONE)

    [prediction] = response.json()["data"]
    assert response.status_code == 200
    assert prediction["file"] == "seven.png"
    assert tuple(prediction["probabilities"]) == DIGITS
    assert sum(prediction["probabilities"].values()) == pytest.approx(1)
    assert prediction["confidence"] == prediction["probabilities"][prediction["label"]]


def test_many_pictures_are_answered_in_their_order(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    files = [("image", ("a", PNG)), *images(b=encoded(drawn_digit(), "WEBP"), c=PNG)]

    predictions = client.post("/predict", files=files).json()["data"]

    assert [prediction["file"] for prediction in predictions] == ["a", "b", "c"]
    assert predictions[0] | {"file": "c"} == predictions[2]


def test_the_answer_names_the_checkpoint(client: TestClient, engine: Engine) -> None:
    job = succeeded_job(engine)
    [checkpoint] = client.get(f"/jobs/{job.id}/checkpoints").json()["data"]

    assert client.post("/predict", files=ONE).json()["checkpoint"] == checkpoint


def test_the_job_that_succeeded_last_answers(
    client: TestClient, engine: Engine
) -> None:
    late = running_job(engine)
    record_epoch(engine, late, 1)
    succeeded_job(engine)
    finish_job(engine, late)
    unfinished = running_job(engine)
    record_epoch(engine, unfinished, 1)

    answer = client.post("/predict", files=ONE).json()

    assert answer["checkpoint"]["job_id"] == str(late.job_id)


def test_a_named_job_answers_with_its_best_epoch_so_far(
    client: TestClient, engine: Engine
) -> None:
    claim = running_job(engine)
    record_epoch(engine, claim, 1)
    record_epoch(engine, claim, 2, is_best=False)
    succeeded_job(engine)

    answer = client.post(f"/predict?job_id={claim.job_id}", files=ONE).json()

    assert answer["checkpoint"]["job_id"] == str(claim.job_id)
    assert answer["checkpoint"]["epoch"] == 1


def test_a_named_checkpoint_answers_itself(client: TestClient, engine: Engine) -> None:
    claim = running_job(engine)
    first = record_epoch(engine, claim, 1)
    record_epoch(engine, claim, 2)

    answer = client.post(f"/predict?checkpoint_id={first.id}", files=ONE).json()

    assert answer["checkpoint"]["id"] == str(first.id)


def test_a_photo_may_be_larger_than_a_job(client: TestClient, engine: Engine) -> None:
    succeeded_job(engine)
    photo = PNG + bytes(1024 * 1024)

    assert client.post("/predict", files={"image": photo}).status_code == 200


@pytest.mark.parametrize(
    ("name", "charset", "shown"),
    [
        pytest.param("七.png".encode(), "", "七.png", id="Chinese"),
        pytest.param(b"a\xff", "", "aÿ", id="not UTF-8"),
        pytest.param(b"../../etc/passwd", "", "../../etc/passwd", id="a path"),
        pytest.param(
            b"a\\ud800", "; charset=raw_unicode_escape", "a?", id="half a surrogate"
        ),
    ],
)
def test_an_odd_file_name_is_shown_as_text(
    client: TestClient, engine: Engine, name: bytes, charset: str, shown: str
) -> None:
    succeeded_job(engine)

    response = posted_as(client, name, charset)

    assert response.status_code == 200
    assert response.json()["data"][0]["file"] == shown


def test_a_file_without_a_name_is_unnamed(client: TestClient, engine: Engine) -> None:
    succeeded_job(engine)

    assert posted_as(client, b"").json()["data"][0]["file"] == "unnamed"
