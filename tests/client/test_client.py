"""The commands' client says what the service said, or that there is none."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine
from starlette.responses import JSONResponse, PlainTextResponse

from app.client import Client, read_file
from app.errors import ServiceRefused
from tests.conftest import FakeQueue
from tests.factories import (
    claimed_job,
    drawn_digit,
    encoded,
    finish_job,
    succeeded_job,
)
from tests.serving import NOBODY, serving


def test_a_submitted_job_comes_back_with_its_spec_and_is_enqueued(
    url: str, queue: FakeQueue
) -> None:
    job = Client(url).submit({"epochs": 3})

    assert (job["status"], job["spec"]["epochs"]) == ("queued", 3)
    assert queue.enqueued == [UUID(job["id"])]


def test_an_address_may_end_in_a_slash(url: str) -> None:
    assert Client(f"{url}/").submit({})["status"] == "queued"


def test_a_job_is_followed_until_it_is_over(url: str, engine: Engine) -> None:
    job_id = Client(url).submit({})["id"]
    states = Client(url).follow(job_id)

    assert next(states)["status"] == "queued"
    finish_job(engine, claimed_job(engine, UUID(job_id)))
    assert [job["status"] for job in states] == ["succeeded"]


def test_files_are_classified_in_their_order(url: str, engine: Engine) -> None:
    job = succeeded_job(engine)
    files = [(name, encoded(drawn_digit())) for name in ("b.png", "a.png")]

    answer = Client(url).predict(files, None)

    assert [found["file"] for found in answer["data"]] == ["b.png", "a.png"]
    assert answer["checkpoint"]["job_id"] == str(job.id)


def test_a_named_job_answers_instead_of_the_newest(url: str, engine: Engine) -> None:
    older, _newer = succeeded_job(engine), succeeded_job(engine)
    files = [("seven.png", encoded(drawn_digit()))]

    answer = Client(url).predict(files, str(older.id))

    assert answer["checkpoint"]["job_id"] == str(older.id)


def test_a_refusal_names_each_violation_and_its_place(url: str) -> None:
    with pytest.raises(ServiceRefused) as refusal:
        Client(url).submit({"epochs": 0, "batch_size": "many"})

    assert str(refusal.value).splitlines() == [
        "The request is not valid: 2 things are wrong.",
        "  /body/epochs: Input should be greater than or equal to 1",
        "  /body/batch_size: Input should be a valid integer",
    ]


def test_a_refusal_names_each_file(url: str) -> None:
    files = [("notes.txt", b"hello"), ("empty.png", b"")]

    with pytest.raises(ServiceRefused) as refusal:
        Client(url).predict(files, None)

    assert str(refusal.value).splitlines() == [
        "Cannot classify notes.txt, empty.png.",
        "  notes.txt: The file is not a PNG, JPEG or WebP image.",
        "  empty.png: The file is empty.",
    ]


def test_a_refusal_without_violations_is_one_line(url: str) -> None:
    with pytest.raises(ServiceRefused, match=r"^No job has succeeded yet; .*first\.$"):
        Client(url).predict([("seven.png", encoded(drawn_digit()))], None)


@pytest.mark.parametrize("address", [NOBODY, "127.0.0.1:8000", "http://[::1"])
def test_where_no_service_answers_one_line_says_what_to_do(address: str) -> None:
    with pytest.raises(ServiceRefused) as refusal:
        Client(address).submit({})

    (line,) = str(refusal.value).splitlines()
    assert line.startswith(f"No Modelmill answers at {address} (")
    assert line.endswith("; start it with `modelmill serve`.")


@pytest.mark.parametrize(
    "refusal",
    [PlainTextResponse("no upstream", 502), JSONResponse({"message": "no"}, 502)],
    ids=["text", "JSON of its own form"],
)
def test_a_refusal_by_something_else_is_told_by_its_status(
    refusal: PlainTextResponse | JSONResponse,
) -> None:
    with (
        serving(refusal) as url,
        pytest.raises(ServiceRefused, match=r"^502 Bad Gateway$"),
    ):
        Client(url).submit({})


def test_an_answer_that_is_not_json_is_not_modelmill() -> None:
    with (
        serving(PlainTextResponse("It works!")) as url,
        pytest.raises(
            ServiceRefused, match=f"^What answers at {url}/jobs is not Modelmill"
        ),
    ):
        Client(url).submit({})


def test_a_file_is_read_with_its_bare_name(tmp_path: Path) -> None:
    (tmp_path / "seven.png").write_bytes(b"pixels")

    assert read_file(tmp_path / "seven.png") == ("seven.png", b"pixels")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(
        ServiceRefused, match=f"^Cannot read {tmp_path}: Is a directory"
    ):
        read_file(tmp_path)
