"""More workers beside the service's own, on its directory and its broker."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.live import processes
from tests.live.service import PATIENCE_SECONDS, LiveService, start_command, wait_until


def broker_url(service: LiveService) -> str:
    return f"unix://{service.data_dir / 'redis.sock'}"


@contextmanager
def another_worker(
    service: LiveService, environment: Mapping[str, str]
) -> Iterator[None]:
    """Run `modelmill worker` with more environment for as long as the block lasts."""
    everything = {
        **service.environment,
        "MODELMILL_REDIS_URL": broker_url(service),
        **environment,
    }
    started = start_command("worker", service.data_dir, everything)
    try:
        wait_until(lambda: has_shown_itself(service, started.pid), service.log)
        yield
    finally:
        started.terminate()
        started.wait(PATIENCE_SECONDS)


def has_shown_itself(service: LiveService, main_id: int) -> bool:
    shown = {
        int(worker["id"].split(":")[1])
        for worker in service.get("/workers").json()["data"]
    }
    return any(
        processes.parent_of(pool).pid == main_id and pool.pid in shown
        for pool in processes.pools(service.data_dir)
    )
