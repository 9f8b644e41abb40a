"""What survives when processes are stopped or killed."""

import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.datasets.mnist import write_subset
from tests.live.conftest import SUBSET
from tests.live.processes import broker, parent_of, pools, runners
from tests.live.service import LiveService, live_service, wait_until

pytestmark = pytest.mark.live

SPEC: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 32,
    "validation_size": 256,
    "seed": 11,
}


def in_epoch(number: int) -> Any:
    """Say when a job is in the middle of an epoch."""
    return lambda job: bool(job["progress"]) and job["progress"]["epoch"] == number


def audit(service: LiveService, job_id: str) -> dict[str, Any]:
    """Wait for the end; every epoch is there once, and events have no gap."""
    job = service.wait_for(job_id, lambda job: bool(job["is_terminal"]))
    assert job["status"] == "succeeded", job
    metrics = service.get(f"/jobs/{job_id}/metrics").json()["data"]
    assert [row["epoch"] for row in metrics] == [1, 2, 3]
    checkpoints = service.get(f"/jobs/{job_id}/checkpoints").json()["data"]
    assert [row["epoch"] for row in checkpoints] == [1, 2, 3]
    stream = service.get(f"/jobs/{job_id}/events").text
    numbers = [int(x[4:]) for x in stream.splitlines() if x.startswith("id: ")]
    assert numbers == list(range(1, len(numbers) + 1))
    return {"job": job, "weights": [weights(service, job_id, n) for n in (1, 2, 3)]}


def weights(service: LiveService, job_id: str, epoch: int) -> bytes:
    """The numbers of a checkpoint without its header, which names the job."""
    path = f"/jobs/{job_id}/checkpoints/{epoch}/download"
    content: bytes = service.get(path).content
    return content[8 + int.from_bytes(content[:8], "little") :]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, real_mnist: Path) -> Any:
    """The digests of every epoch's weights when nothing goes wrong."""
    data_dir = tmp_path_factory.mktemp("undisturbed")
    write_subset(real_mnist, data_dir / "datasets" / "mnist", *SUBSET)
    with live_service(data_dir) as service:
        return audit(service, service.submit(**SPEC))


def test_a_killed_worker_costs_no_epoch_and_changes_no_weight(
    data_dir: Path, undisturbed: Any
) -> None:
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC)
        service.wait_for(job_id, in_epoch(2))
        child = runners(data_dir)[0]

        parent_of(pools(data_dir)[0]).send_signal(signal.SIGKILL)

        psutil.wait_procs([child], timeout=5)
        assert not child.is_running(), "the child outlived its worker"
        result = audit(service, job_id)

    assert result["job"]["attempt"] == 2
    assert result["weights"] == undisturbed["weights"]


def test_a_killed_child_is_replaced_and_goes_on_from_its_checkpoint(
    data_dir: Path, undisturbed: Any
) -> None:
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC)
        service.wait_for(job_id, in_epoch(2))

        runners(data_dir)[0].send_signal(signal.SIGKILL)

        result = audit(service, job_id)

    assert result["job"]["attempt"] == 2
    assert result["weights"] == undisturbed["weights"]


def test_a_job_goes_on_at_the_next_start_after_ctrl_c(
    data_dir: Path, undisturbed: Any
) -> None:
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC)
        service.wait_for(job_id, in_epoch(2))
        assert service.stop() == 0

    with live_service(data_dir) as service:
        result = audit(service, job_id)

    assert result["job"]["attempt"] == 2
    assert result["weights"] == undisturbed["weights"]


def test_a_killed_service_takes_every_process_along_and_the_job_survives(
    data_dir: Path, undisturbed: Any
) -> None:
    with live_service(data_dir) as service:
        job_id = service.submit(**SPEC)
        service.wait_for(job_id, in_epoch(2))
        family = service.processes()

        service.stop(signal.SIGKILL)

        _gone, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []

    with live_service(data_dir) as service:
        assert audit(service, job_id)["weights"] == undisturbed["weights"]


def test_a_job_submitted_while_the_broker_is_dead_starts_when_it_is_back(
    data_dir: Path,
) -> None:
    with live_service(data_dir) as service:
        broker(data_dir).send_signal(signal.SIGKILL)

        job_id = service.submit(**SPEC)

        audit(service, job_id)
        wait_until(lambda: service.get("/readyz").json()["degraded"] == [], service.log)
