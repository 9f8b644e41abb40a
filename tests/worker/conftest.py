"""What tests of the worker share: one thread, a running job, a fenced writer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import torch
from sqlalchemy import Engine

from app.events import Doorbell
from app.settings import Settings
from tests.conftest import FakeDoorbell
from tests.factories import running_job, write_dataset
from tests.worker.attempts import never
from tests.worker.children import MakeSupervisor
from worker.fenced import FencedWriter
from worker.supervisor import Supervisor


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    # For tensors this small a second thread only waits for the first.
    torch.set_num_threads(1)


@pytest.fixture
def dataset(settings: Settings) -> None:
    write_dataset(settings.data_dir)


@pytest.fixture
def writer(engine: Engine, doorbell: FakeDoorbell) -> FencedWriter:
    """Give the writer of a job's first attempt."""
    return FencedWriter(engine, doorbell, running_job(engine))


@pytest.fixture
def make_supervisor(
    engine: Engine,
    doorbell: FakeDoorbell,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MakeSupervisor]:
    """Make supervisors whose children use this test's data directory."""
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MODELMILL_REDIS_URL", settings.resolved_redis_url)
    monkeypatch.setenv("MODELMILL_TRAINING_THREADS", "1")
    monkeypatch.setenv("MODELMILL_FETCH_DATASETS", "false")
    monkeypatch.setenv("MODELMILL_PROGRESS_SECONDS", "0.05")
    hasty = {"heartbeat_seconds": 0.1, "lease_seconds": 60, "stop_seconds": 60}

    with ExitStack() as made:

        def make(
            stop: Callable[[], bool] = never,
            bell: Doorbell = doorbell,
            **values: object,
        ) -> Supervisor:
            chosen = settings.model_copy(update=hasty | values)
            supervisor = Supervisor(engine, bell, chosen, "host:1", stop)
            made.callback(supervisor.close)
            return supervisor

        yield make
