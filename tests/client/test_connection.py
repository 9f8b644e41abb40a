"""Requests that fail in passing are sent again; what is refused is raised."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.client import (
    Client,
    NotAuthorized,
    NotModelmill,
    Refused,
    Retries,
    Unreachable,
)
from app.client.retries import read_retry_after
from tests.client.jobs import JOB
from tests.flaky import Reaction, answer, flaky_server, hang_up
from tests.serving import NOBODY, serving

AT_ONCE = Retries(most=0)
FINE = answer(JOB)


@pytest.mark.parametrize(
    "trouble",
    [hang_up, *(answer("no", status) for status in (429, 502, 503, 504))],
    ids=["hang-up", "429", "502", "503", "504"],
)
def test_trouble_that_passes_costs_a_pause(
    trouble: Reaction, retries: Retries, pauses: list[float]
) -> None:
    with flaky_server(trouble, trouble, FINE) as server:
        job = Client(server.url, retries=retries).job("1")

    assert job.status == "queued"
    assert [path for path, _headers in server.requests] == ["GET /jobs/1"] * 3
    assert len(pauses) == 2


def test_pauses_grow_up_to_a_longest_one() -> None:
    pauses = Retries(first_seconds=1, longest_seconds=4).pauses()

    for expected in (1, 2, 4, 4):
        assert 0.75 * expected <= next(pauses) <= expected


def test_trouble_that_stays_is_raised_in_the_end(retries: Retries) -> None:
    with (
        flaky_server(*[answer("no", 503)] * 4) as server,
        pytest.raises(Refused, match=r"^503 Service Unavailable$"),
    ):
        Client(server.url, retries=retries).job("1")

    assert len(server.requests) == 4


def test_a_fault_of_the_service_is_not_asked_for_again(retries: Retries) -> None:
    with (
        flaky_server(answer("oh", 500)) as server,
        pytest.raises(Refused, match=r"^500 "),
    ):
        Client(server.url, retries=retries).job("1")


@pytest.mark.parametrize("status", [429, 503, 409])
def test_the_service_may_say_when_to_come_back(
    status: int, retries: Retries, pauses: list[float]
) -> None:
    with flaky_server(answer("wait", status, Retry_After="7"), FINE) as server:
        Client(server.url, retries=retries).job("1")

    assert pauses == [7]


def test_nobody_waits_for_an_hour(retries: Retries, pauses: list[float]) -> None:
    with (
        flaky_server(answer("wait", 429, Retry_After="3600")) as server,
        pytest.raises(Refused) as refusal,
    ):
        Client(server.url, retries=retries).job("1")

    assert (refusal.value.retry_after, pauses) == (3600, [])


def test_a_date_to_come_back_at_is_understood() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=100)

    assert 90 < read_retry_after(format_datetime(soon, usegmt=True)) <= 100
    assert 90 < read_retry_after(format_datetime(soon.replace(tzinfo=None))) <= 100


@pytest.mark.parametrize(
    "header", [None, "soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT"]
)
def test_what_says_no_time_to_come_back_is_no_wait(header: str | None) -> None:
    assert read_retry_after(header) == 0


def test_what_creates_is_sent_again_under_one_key(retries: Retries) -> None:
    with flaky_server(hang_up, FINE, FINE, FINE) as server:
        client = Client(server.url, retries=retries)
        client.submit()
        client.submit()
        client.retry("1")

    keys = [headers["idempotency-key"] for _path, headers in server.requests]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_the_key_is_sent_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with flaky_server(FINE, FINE, FINE) as server:
        monkeypatch.setenv("MODELMILL_URL", f"{server.url}/")
        Client().job("1")
        Client(key="given").job("1")
        monkeypatch.setenv("MODELMILL_KEY", "of the environment")
        Client().job("1")

    sent = [headers.get("authorization") for _path, headers in server.requests]
    assert sent == [None, "Bearer given", "Bearer of the environment"]


def test_without_an_address_the_local_service_is_meant() -> None:
    assert Client().url == "http://127.0.0.1:8000"


def test_a_wrong_key_is_its_own_error() -> None:
    problem = {"status": 401, "code": "unauthorized", "detail": "The key is unknown."}

    with (
        serving(JSONResponse(problem, 401)) as url,
        Client(url, key="wrong", retries=AT_ONCE) as client,
        pytest.raises(NotAuthorized, match=r"^The key is unknown\.$"),
    ):
        client.job("1")


@pytest.mark.parametrize("address", [NOBODY, "127.0.0.1:8000", "http://[::1"])
def test_where_no_service_answers_one_line_says_what_to_do(
    address: str, retries: Retries
) -> None:
    with pytest.raises(Unreachable) as refusal:
        Client(address, retries=retries).submit()

    (line,) = str(refusal.value).splitlines()
    assert line.startswith(f"No Modelmill answers at {address} (")
    assert line.endswith("; start it with `modelmill serve`.")


def test_an_address_that_is_none_is_not_tried_again(
    retries: Retries, pauses: list[float]
) -> None:
    with pytest.raises(Unreachable):
        Client("127.0.0.1:8000", retries=retries).submit()

    assert pauses == []


@pytest.mark.parametrize(
    "refusal",
    [
        PlainTextResponse("no upstream", 418),
        JSONResponse({"message": "no"}, 418),
        JSONResponse(["no"], 418),
    ],
    ids=["text", "JSON of its own form", "a list"],
)
def test_a_refusal_by_something_else_is_told_by_its_status(refusal: Response) -> None:
    with (
        serving(refusal) as url,
        Client(url) as client,
        pytest.raises(Refused, match=r"^418 ") as raised,
    ):
        client.submit()

    assert raised.value.document() == {
        "object": "error",
        "status": 418,
        "code": "http_418",
        "detail": str(raised.value),
    }


@pytest.mark.parametrize(
    "body", ["It works!", "[]", '{"name": "another service"}'], ids=str
)
def test_an_answer_in_another_form_is_not_modelmill(body: str) -> None:
    with (
        serving(PlainTextResponse(body)) as url,
        Client(url) as client,
        pytest.raises(NotModelmill, match=f"^What answers at {url}.* is not Modelmill"),
    ):
        client.submit()


def test_a_client_that_is_dropped_closes_its_connections() -> None:
    with flaky_server(FINE) as server:
        client = Client(server.url)
        client.job("1")
        http: httpx2.Client = client._connection._http
        del client

    assert http.is_closed
