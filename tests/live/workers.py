"""More workers beside the service's own, on its directory and its broker."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from tests.live import processes
from tests.live.service import PATIENCE_SECONDS, LiveService, start_command, wait_until


def broker_url(service: LiveService) -> str:
    return f"unix://{service.data_dir / 'redis.sock'}"


@contextmanager
def more_workers(
    service: LiveService, *environments: Mapping[str, str]
) -> Iterator[None]:
    """Run a `modelmill worker` with each environment for as long as the block lasts."""
    shared = {**service.environment, "MODELMILL_REDIS_URL": broker_url(service)}
    started = [
        start_command("worker", service.data_dir, {**shared, **environment})
        for environment in environments
    ]
    try:
        for worker in started:
            wait_until(partial(has_shown_itself, service, worker.pid), service.log)
        yield
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait(PATIENCE_SECONDS)


def has_shown_itself(service: LiveService, main_id: int) -> bool:
    shown = {
        int(worker["id"].split(":")[1])
        for worker in service.get("/workers").json()["data"]
    }
    return any(
        processes.parent_of(pool).pid == main_id and pool.pid in shown
        for pool in processes.pools(service.data_dir)
    )
