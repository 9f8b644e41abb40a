"""What is sent goes to the address that was looked at, in time, and no further."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from threading import Thread

import pytest

from app.webhooks import road
from app.webhooks.road import NotSent, post
from tests.webhooks.receiver import Receiver, receiving

LOOPBACK = (ip_network("127.0.0.0/8"),)
BODY = b"{}"
# Where each name leads, look by look.
Names = dict[str, list[list[str]]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Let names lead where a test says."""
    known: Names = {}

    def look_up(host: str, port: int) -> list[str]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known[host].pop(0)

    monkeypatch.setattr(road, "look_up", look_up)
    return known


@contextmanager
def listening(*answers: bytes) -> Iterator[int]:
    """Accept one connection, say what a test wants, and keep it open."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as connection:
                connection.settimeout(5)
                try:
                    for answer in answers:
                        connection.sendall(answer)
                    while connection.recv(65536):
                        pass
                except OSError:
                    return

        thread = Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_a_message_arrives_and_is_answered(receiver: Receiver) -> None:
    receiver.headers = {"Retry-After": "30"}

    answer = post(receiver.url, {"webhook-id": "msg_1"}, BODY, LOOPBACK)

    received = receiver.next()
    assert (answer.status, answer.retry_after_seconds) == (204, 30)
    assert (received.path, received.body) == ("/hook", BODY)
    assert received.headers["webhook-id"] == "msg_1"


def test_a_name_that_leads_inside_is_not_connected_to(
    receiver: Receiver, names: Names
) -> None:
    names["inside.example"] = [["127.0.0.1"]]

    with pytest.raises(NotSent, match="may not reach") as refused:
        post(f"http://inside.example:{receiver.port}/", {}, BODY, ())

    assert receiver.received.empty()
    assert "127.0.0.1" not in str(refused.value)


def test_a_name_is_looked_up_once_so_it_cannot_change_its_mind(
    receiver: Receiver, names: Names
) -> None:
    names["rebound.example"] = [["127.0.0.1"], ["169.254.169.254"]]

    answer = post(f"http://rebound.example:{receiver.port}/", {}, BODY, LOOPBACK)

    assert answer.status == 204
    assert names["rebound.example"] == [["169.254.169.254"]]
    assert receiver.next().headers["Host"] == f"rebound.example:{receiver.port}"


def test_numbers_that_are_other_words_for_loopback_are_refused(
    receiver: Receiver,
) -> None:
    for host in ("2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"):
        with pytest.raises(NotSent, match="may not reach"):
            post(f"http://{host}:{receiver.port}/", {}, BODY, ())

    assert receiver.received.empty()


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        receiver.answers = [307]
        receiver.headers = {"Location": elsewhere.url}

        answer = post(receiver.url, {}, BODY, LOOPBACK)

        assert answer.status == 307
        assert elsewhere.received.empty()


def test_a_proxy_of_the_environment_is_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert post(receiver.url, {}, BODY, LOOPBACK).status == 204


def test_the_second_address_is_tried_when_the_first_is_dead(
    receiver: Receiver, names: Names
) -> None:
    names["two.example"] = [["127.0.0.2", "127.0.0.1"]]

    answer = post(f"http://two.example:{receiver.port}/", {}, BODY, LOOPBACK)

    assert answer.status == 204


def test_one_address_inside_among_others_refuses_them_all(
    receiver: Receiver, names: Names
) -> None:
    names["two.example"] = [["127.0.0.1", "10.0.0.1"]]

    with pytest.raises(NotSent, match="may not reach"):
        post(f"http://two.example:{receiver.port}/", {}, BODY, LOOPBACK)


@pytest.mark.usefixtures("names")
def test_a_name_that_nobody_knows_is_told(receiver: Receiver) -> None:
    with pytest.raises(NotSent, match="the name is not known"):
        post("http://nobody.example/", {}, BODY, ())


def test_a_port_that_nobody_listens_on_is_told() -> None:
    with pytest.raises(NotSent, match="no connection"):
        post("http://127.0.0.1:1/", {}, BODY, LOOPBACK)


def test_a_receiver_without_tls_is_told() -> None:
    with listening(b"hello\r\n") as port, pytest.raises(NotSent, match="no connection"):
        post(f"https://127.0.0.1:{port}/", {}, BODY, LOOPBACK)


def test_an_answer_that_is_not_http_is_told() -> None:
    with listening(b"220 smtp\r\n\r\n") as port, pytest.raises(NotSent, match="HTTP"):
        post(f"http://127.0.0.1:{port}/", {}, BODY, LOOPBACK)


def test_a_host_that_is_no_name_is_told() -> None:
    with pytest.raises(NotSent, match="not a name"):
        post(f"http://{'a' * 64}.example/", {}, BODY, ())


def test_silence_ends_after_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road, "WHOLE_SECONDS", 0.2)

    with listening() as port, pytest.raises(NotSent, match="no answer"):
        post(f"http://127.0.0.1:{port}/", {}, BODY, LOOPBACK)


def test_a_time_that_is_over_sends_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(road, "WHOLE_SECONDS", 0.0)

    with pytest.raises(NotSent, match="no answer"):
        post(receiver.url, {}, BODY, LOOPBACK)

    assert receiver.received.empty()


def test_no_more_of_an_answer_is_read_than_an_answer_should_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(road, "WHOLE_SECONDS", 5.0)
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"

    with listening(head, bytes(2 * road.LARGEST_ANSWER)) as port:
        answer = post(f"http://127.0.0.1:{port}/", {}, BODY, LOOPBACK)

    assert answer.status == 200
