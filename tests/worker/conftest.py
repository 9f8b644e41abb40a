"""What tests of the worker share: one thread, a running job, a fenced writer."""

import pytest
import torch
from sqlalchemy import Engine

from app.settings import Settings
from tests.conftest import FakeDoorbell
from tests.factories import running_job, write_dataset
from worker.fenced import FencedWriter


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
