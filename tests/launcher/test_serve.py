"""The steps of `modelmill serve`; the live tests take them all at once."""

import signal
import socket
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from fastapi import FastAPI
from sqlalchemy import inspect

from app.database.engine import open_database
from app.errors import DatabaseRefused, ServiceRefused
from app.launcher.serve import (
    address,
    prepare_database,
    serve,
    start_processes,
    stop_signal,
    wait_for_api,
)
from app.launcher.service import Service
from app.settings import Settings
from tests.cli.conftest import serving
from tests.launcher.conftest import AddProgram, MakeService

NOBODY = Settings(port=1)


def test_the_schema_is_there_before_anything_starts(settings: Settings) -> None:
    prepare_database(settings)

    engine = open_database(settings.resolved_database_url)
    assert inspect(engine).has_table("job")
    engine.dispose()


def test_a_file_that_is_no_database_is_refused(settings: Settings) -> None:
    (settings.data_dir / "modelmill.sqlite3").write_bytes(b"no database" * 100)

    with pytest.raises(DatabaseRefused, match="file is not a database"):
        prepare_database(settings)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop(number: signal.Signals) -> None:
    with stop_signal() as stop:
        assert not stop.is_set()
        signal.raise_signal(number)

        assert stop.is_set()


def test_signals_mean_what_they_did_before() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with stop_signal():
        assert signal.getsignal(signal.SIGTERM) is not before

    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_the_address_can_be_opened_on_this_machine(host: str, url: str) -> None:
    assert address(Settings(host=host)) == url


def test_an_api_that_answers_is_waited_for_no_longer(
    app: FastAPI, settings: Settings
) -> None:
    with serving(app) as url:
        port = int(url.rpartition(":")[2])

        wait_for_api(settings.model_copy(update={"port": port}), [], Event())


def test_a_stop_ends_the_wait_for_an_api() -> None:
    stop = Event()
    stop.set()

    wait_for_api(NOBODY, [], stop)


def test_an_api_that_keeps_dying_is_given_up(make_service: MakeService) -> None:
    service = make_service("pass")
    service.start()

    with pytest.raises(ServiceRefused, match=r"^The tiny process keeps dying"):
        wait_for_api(NOBODY, [service], Event())


def test_an_api_that_never_answers_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    minutes = count(step=60)
    monkeypatch.setattr("time.monotonic", lambda: float(next(minutes)))

    with pytest.raises(ServiceRefused, match=r"^The api did not answer in time"):
        wait_for_api(NOBODY, [], Event())


def test_worker_and_api_are_told_the_same_place(
    settings: Settings, services: list[Service]
) -> None:
    start_processes(settings, services)

    assert [service.name for service in services] == ["worker", "api"]
    assert all(service.is_running() for service in services)
    places = [service.environment["MODELMILL_DATA_DIR"] for service in services]
    brokers = [service.environment["MODELMILL_REDIS_URL"] for service in services]
    assert places == [str(settings.data_dir)] * 2
    assert brokers == [settings.redis_url] * 2


def test_the_worker_has_more_time_to_stop_than_its_child_to_save(
    settings: Settings, services: list[Service]
) -> None:
    start_processes(settings, services)

    assert services[0].grace_seconds > settings.stop_seconds


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(data_dir=tmp_path, port=taken.getsockname()[1])

        with pytest.raises(ServiceRefused, match="is taken"):
            serve(settings, pytest.fail)

    assert [path.name for path in tmp_path.iterdir()] == ["serve.lock"]


def test_a_broker_that_never_starts_ends_the_service(
    tmp_path: Path, add_program: AddProgram
) -> None:
    add_program("redis-server")
    (tmp_path / "var").mkdir()

    with pytest.raises(ServiceRefused, match=r"^The Redis server did not start"):
        serve(Settings(data_dir=tmp_path / "var"), pytest.fail)
