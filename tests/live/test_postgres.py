"""The service on PostgreSQL: a job outlives its worker there as it does on SQLite."""

from pathlib import Path

import pytest

from tests.live import processes
from tests.live.history import weights_digest
from tests.live.service import live_service
from tests.postgres_server import Postgres, fresh_database

pytestmark = pytest.mark.live

EPOCHS = 3
SPEC: dict[str, object] = {"epochs": EPOCHS, "batch_size": 32, "validation_size": 256}


def test_a_job_goes_on_after_its_worker_was_killed(
    data_dir: Path, postgres: Postgres
) -> None:
    with (
        fresh_database(postgres) as url,
        live_service(data_dir, database_url=url) as service,
    ):
        undisturbed = service.submit(**SPEC, seed=5)
        service.wait_for_end(undisturbed)
        disturbed = service.submit(**SPEC, seed=5)
        service.wait_for(disturbed, lambda job: job["epoch"] == 1)
        processes.kill(processes.pools(data_dir))
        job = service.wait_for_end(disturbed)

        assert (job["status"], job["attempt"]) == ("succeeded", 2)
        for epoch in range(1, EPOCHS + 1):
            found = weights_digest(service, disturbed, epoch)
            assert found == weights_digest(service, undisturbed, epoch)
    assert not (data_dir / "modelmill.sqlite3").exists()
