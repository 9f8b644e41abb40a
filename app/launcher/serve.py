"""Start broker, worker and api, watch them, and stop them all again."""

import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx2
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.database.engine import demand_integrity, migrate, open_database
from app.errors import ServiceRefused
from app.launcher.broker import find_server, server_command, socket_path
from app.launcher.place import demand_free_port, sole_use
from app.launcher.service import Service
from app.settings import Settings

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
READY_SECONDS = 60.0
BROKER_READY_SECONDS = 10.0
API_GRACE_SECONDS = 8.0
MOST_UVICORN_SECONDS = 5
CONNECTION = "app.api.connection:PatientConnection"
# Addresses that mean every one of the machine: one listens there, nobody connects.
LOOPBACKS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Run the whole service until SIGINT or SIGTERM.

    Raises:
        ServiceRefused: Port or data directory cannot be had, or a process keeps dying.
        DatabaseRefused: The database is not usable.
    """
    with sole_use(settings.data_dir), stop_signal() as stop:
        demand_free_port(settings.host, settings.port)
        settings = settings.model_copy(
            update={"data_dir": settings.data_dir.absolute()}
        )
        prepare_database(settings)
        services: list[Service] = []
        try:
            settings = start_broker(settings, services)
            start_processes(settings, services)
            wait_for_api(settings, services, stop)
            if not stop.is_set():
                say(f"Modelmill is running: {address(settings)} (Ctrl-C stops it)")
            while not stop.wait(POLL_SECONDS):
                for service in services:
                    service.revive()
            say("Stopping; a job in training is saved and goes on at the next start.")
        finally:
            for service in reversed(services):
                service.stop()


@contextmanager
def stop_signal() -> Iterator[Event]:
    """Turn SIGINT and SIGTERM into an event for as long as the block lasts."""
    stop = Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in signals]
    try:
        yield stop
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def prepare_database(settings: Settings) -> None:
    engine = open_database(settings.resolved_database_url)
    demand_integrity(engine)
    migrate(engine)
    engine.dispose()


def start_broker(settings: Settings, services: list[Service]) -> Settings:
    """Start a server unless one is configured; return settings that point to it."""
    if settings.redis_url is not None:
        return settings
    unix_socket = socket_path(settings.data_dir)
    directory = settings.data_dir / "redis"
    url = f"unix://{unix_socket}"
    if not try_broker(directory, unix_socket, services):
        # Another release's file perhaps. The queue holds nothing that is missed.
        logger.warning("the broker did not start; starting it with an empty directory")
        shutil.rmtree(directory)
        if not try_broker(directory, unix_socket, services):
            raise ServiceRefused(f"The Redis server did not start in {directory}.")
    return settings.model_copy(update={"redis_url": url})


def try_broker(directory: Path, unix_socket: Path, services: list[Service]) -> bool:
    directory.mkdir(exist_ok=True)
    command = server_command(find_server(), directory, unix_socket)
    broker = Service("redis", command, dict(os.environ), API_GRACE_SECONDS)
    broker.start()
    deadline = time.monotonic() + BROKER_READY_SECONDS
    # The client's own retries would sleep for seconds, and count a death too late.
    client = Redis(unix_socket_path=str(unix_socket), retry=Retry(NoBackoff(), 0))
    while broker.is_running() and time.monotonic() < deadline:
        try:
            client.ping()
        except RedisError:
            time.sleep(POLL_SECONDS)
        else:
            services.append(broker)
            return True
    broker.stop()
    return False


def start_processes(settings: Settings, services: list[Service]) -> None:
    environment = {
        **os.environ,
        "MODELMILL_DATA_DIR": str(settings.data_dir),
        "MODELMILL_REDIS_URL": settings.resolved_redis_url,
    }
    grace = settings.stop_seconds + API_GRACE_SECONDS
    worker = Service("worker", worker_command(), environment, grace)
    api = Service("api", api_command(settings), environment, API_GRACE_SECONDS)
    for service in (worker, api):
        services.append(service)
        service.start()


def worker_command() -> list[str]:
    """Return Celery's command line: one job at a time, nothing taken in advance."""
    options = ["--pool=prefork", "--concurrency=1", "--loglevel=INFO"]
    options += ["--without-gossip", "--without-mingle"]
    celery = [sys.executable, "-m", "celery", "--app=worker.main", "--quiet"]
    return [*celery, "worker", *options]


def api_command(settings: Settings) -> list[str]:
    place = [f"--host={settings.host}", f"--port={settings.port}"]
    # An open event stream must not hold up the stop.
    options = [f"--http={CONNECTION}", "--no-access-log", "--no-server-header"]
    options += [f"--timeout-graceful-shutdown={MOST_UVICORN_SECONDS}"]
    uvicorn = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app"]
    return [*uvicorn, *place, *options]


def wait_for_api(settings: Settings, services: list[Service], stop: Event) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set() and not answers(f"{address(settings)}/health/live"):
        if time.monotonic() > deadline:
            raise ServiceRefused("The api did not answer in time; see its log.")
        for service in services:
            service.revive()
        stop.wait(POLL_SECONDS)


def answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=1.0).is_success
    except httpx2.TransportError:
        return False


def address(settings: Settings) -> str:
    """Return the URL at which this machine reaches the api."""
    host = LOOPBACKS.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
