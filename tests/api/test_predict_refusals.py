"""What cannot be classified is refused, and every reason is named."""

import asyncio
from uuid import uuid4

import httpx2
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app.main import create_app
from app.settings import Settings
from tests.factories import (
    drawn_digit,
    encoded,
    read_problem,
    record_epoch,
    running_job,
    submitted_job,
    succeeded_job,
)

PNG = encoded(drawn_digit())
ONE = {"image": ("seven.png", PNG)}
Upload = tuple[str, tuple[str, bytes]]


def images(**files: bytes) -> list[Upload]:
    return [("images", (name, content)) for name, content in files.items()]


def animation() -> bytes:
    frame = drawn_digit()
    return encoded(frame, save_all=True, append_images=[frame.rotate(90)])


@pytest.mark.parametrize(
    ("query", "code"),
    [("job_id", "job_not_found"), ("checkpoint_id", "checkpoint_not_found")],
)
def test_what_is_named_and_unknown_is_not_found(
    client: TestClient, query: str, code: str
) -> None:
    problem = read_problem(client.post(f"/predict?{query}={uuid4()}", files=ONE))

    assert (problem["status"], problem["code"]) == (404, code)


@pytest.mark.parametrize("query", ["job_id", "checkpoint_id"])
def test_what_is_no_id_is_refused(client: TestClient, query: str) -> None:
    [error] = read_problem(client.post(f"/predict?{query}=7", files=ONE))["errors"]

    assert error["pointer"] == f"/query/{query}"


def test_a_job_before_its_first_epoch_has_no_checkpoint(
    client: TestClient, engine: Engine
) -> None:
    job = submitted_job(engine)

    problem = read_problem(client.post(f"/predict?job_id={job.id}", files=ONE))

    assert (problem["status"], problem["code"]) == (404, "checkpoint_not_found")


def test_before_any_job_has_succeeded_there_is_a_conflict(
    client: TestClient, engine: Engine
) -> None:
    record_epoch(engine, running_job(engine), 1)

    problem = read_problem(client.post("/predict", files=ONE))

    assert (problem["status"], problem["code"]) == (409, "no_checkpoint_yet")


@pytest.mark.parametrize(
    ("upload", "status", "code"),
    [
        pytest.param(b"", 422, "empty_image", id="empty"),
        pytest.param(b"seven", 415, "not_an_image", id="text"),
        pytest.param(PNG[:90], 422, "corrupt_image", id="torn"),
        pytest.param(animation(), 415, "animated_image", id="animated"),
        pytest.param(
            encoded(Image.new("1", (8193, 1))), 413, "image_too_large", id="large"
        ),
    ],
)
def test_a_bad_file_is_named_with_its_reason(
    client: TestClient, upload: bytes, status: int, code: str
) -> None:
    response = client.post("/predict", files={"image": ("bad.png", upload)})

    problem = read_problem(response)
    [error] = problem["errors"]
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"] == "Cannot classify bad.png."
    assert (error["file"], error["code"]) == ("bad.png", code)
    assert error["pointer"] == "/body/images/0"


def test_bad_files_do_not_lose_the_good_ones(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    files = images(good=PNG, empty=b"", torn=PNG[:90], fine=PNG, text=b"7")

    response = client.post("/predict", files=files)

    data = response.json()["data"]
    errors = [entry.get("error") for entry in data]
    assert response.status_code == 200
    assert [entry["file"] for entry in data] == [
        "good",
        "empty",
        "torn",
        "fine",
        "text",
    ]
    assert [error and (error["pointer"], error["code"]) for error in errors] == [
        None,
        ("/body/images/1", "empty_image"),
        ("/body/images/2", "corrupt_image"),
        None,
        ("/body/images/4", "not_an_image"),
    ]


def test_only_bad_files_are_named_with_their_places(client: TestClient) -> None:
    problem = read_problem(client.post("/predict", files=images(a=b"", b=b"7")))

    found = [(error["pointer"], error["file"]) for error in problem["errors"]]
    assert (problem["status"], problem["code"]) == (422, "images_refused")
    assert found == [("/body/images/0", "a"), ("/body/images/1", "b")]


def test_reasons_that_share_a_status_keep_it(client: TestClient) -> None:
    files = images(text=b"7", film=animation())

    problem = read_problem(client.post("/predict", files=files))

    assert (problem["status"], problem["code"]) == (415, "images_refused")
    assert [error["code"] for error in problem["errors"]] == [
        "not_an_image",
        "animated_image",
    ]


def test_a_request_without_a_file_is_refused(client: TestClient) -> None:
    [error] = read_problem(client.post("/predict"))["errors"]

    assert (error["pointer"], error["code"]) == ("/body/image", "missing")


@pytest.mark.parametrize("name", ["image", "images"])
def test_text_instead_of_a_file_is_refused(client: TestClient, name: str) -> None:
    problem = read_problem(client.post("/predict", data={name: "seven"}))

    assert problem["status"] == 422
    assert problem["errors"][0]["pointer"].startswith(f"/body/{name}")


def test_an_upload_above_its_own_limit_is_refused(settings: Settings) -> None:
    small = settings.model_copy(update={"max_upload_bytes": 1000})
    client = TestClient(create_app(small))

    problem = read_problem(client.post("/predict", files={"image": bytes(1000)}))

    assert (problem["status"], problem["code"]) == (413, "body_too_large")


def test_too_many_files_are_refused(settings: Settings) -> None:
    few = settings.model_copy(update={"max_upload_files": 2})
    client = TestClient(create_app(few))

    problem = read_problem(client.post("/predict", files=images(a=PNG, b=PNG, c=PNG)))

    assert problem["status"] == 400
    assert "Maximum number of files is 2" in problem["detail"]


@pytest.mark.parametrize(
    "body", [b"seven", b"--edge\r\n\r\nseven\r\n--edge--\r\n"], ids=["torn", "nameless"]
)
def test_a_form_that_is_none_is_refused(client: TestClient, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=edge"}

    response = client.post("/predict", content=body, headers=headers)

    assert read_problem(response)["status"] == 400


def test_an_odd_name_of_a_bad_file_is_shown_as_text(client: TestClient) -> None:
    files = {"image": ("七\N{SKULL}.png", b"7")}

    problem = read_problem(client.post("/predict", files=files))

    assert problem["errors"][0]["file"] == "七\N{SKULL}.png"


def test_a_full_queue_is_told_with_when_to_come_back(
    settings: Settings, engine: Engine
) -> None:
    succeeded_job(engine)
    app = create_app(settings.model_copy(update={"predictor_queue": 0}))
    files = images(a=PNG, b=PNG)

    async def crowd() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as one:
            asked = (one.post("/predict", files=files) for _ in range(8))
            return await asyncio.gather(*asked)

    answers = asyncio.run(crowd())

    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert {read_problem(answer)["code"] for answer in refused} == {"predictor_busy"}
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    app.state.services.choices.close()
    app.state.services.engine.dispose()
