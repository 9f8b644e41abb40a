"""Following a job survives whatever becomes of the connection."""

import pytest

from app.client import Client, NotModelmill, Refused, Retries, Unreachable
from tests.client.jobs import ENDED_JOB, JOB, PROGRESS, event
from tests.flaky import Reaction, answer, flaky_server, hang_up, stream
from tests.serving import NOBODY


def whole(*events: str) -> Reaction:
    """Send a stream that ends as it should."""
    return answer("".join(events), Content_Type="text/event-stream")


def test_a_broken_stream_goes_on_after_the_last_event_seen(retries: Retries) -> None:
    with flaky_server(
        stream(event(1, "queued"), event(2, "running"), PROGRESS),
        hang_up,
        answer("", 503),
        stream(event(3, "epoch"), event(4, "succeeded")),
    ) as server:
        events = list(Client(server.url, retries=retries).follow("1"))

    kinds = [found.kind for found in events]
    assert kinds == ["queued", "running", "progress", "epoch", "succeeded"]
    assert events[2].data == {"epoch": 1}
    seen = [headers["last-event-id"] for _path, headers in server.requests]
    assert seen == ["0", "2", "2", "2"]


def test_a_stream_that_ends_before_its_job_is_asked_for_again(
    retries: Retries, pauses: list[float]
) -> None:
    with flaky_server(
        whole(event(1, "queued")),
        answer(JOB),
        whole(event(2, "cancelled")),
    ) as server:
        events = list(Client(server.url, retries=retries).follow("1"))

    assert [found.number for found in events] == [1, 2]
    assert len(pauses) == 1


def test_nothing_comes_after_the_end(retries: Retries, pauses: list[float]) -> None:
    with flaky_server(whole(), answer(ENDED_JOB)) as server:
        assert list(Client(server.url, retries=retries).follow("1", after=9)) == []

    assert pauses == []


def test_where_nobody_answers_patience_ends(
    retries: Retries, pauses: list[float]
) -> None:
    with pytest.raises(Unreachable):
        list(Client(NOBODY, retries=retries).follow("1"))

    assert 300 < sum(pauses) < 310


def test_the_service_says_when_to_come_back(
    retries: Retries, pauses: list[float]
) -> None:
    with flaky_server(
        answer("", 429, Retry_After="7"), whole(event(1, "failed"))
    ) as server:
        list(Client(server.url, retries=retries).follow("1"))

    assert pauses == [7]


def test_a_refusal_ends_it(retries: Retries) -> None:
    with (
        flaky_server(answer("", 403)) as server,
        pytest.raises(Refused, match="403 Forbidden"),
    ):
        list(Client(server.url, retries=retries).follow("1"))


def test_an_event_in_another_form_is_not_modelmill(retries: Retries) -> None:
    with (
        flaky_server(whole("data: hello\n\n")) as server,
        pytest.raises(NotModelmill),
    ):
        list(Client(server.url, retries=retries).follow("1"))


def test_who_has_seen_enough_may_leave(retries: Retries) -> None:
    with flaky_server(stream(event(1, "queued"))) as server:
        events = Client(server.url, retries=retries).follow("1")

        assert next(events).kind == "queued"
        del events
