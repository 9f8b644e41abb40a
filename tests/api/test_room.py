"""No job is taken that could not store its checkpoints."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.settings import Settings
from tests.factories import read_problem, submitted_job, succeeded_job


class TestOnAFullDisk:
    """The data directory has less free than a job may need."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"min_free_bytes": 2**62})

    def test_neither_a_job_nor_a_retry_is_taken(
        self, client: TestClient, engine: Engine
    ) -> None:
        old = submitted_job(engine)

        for path in ("/jobs", f"/jobs/{old.id}/retry"):
            problem = read_problem(client.post(path, json={}))
            assert (problem["status"], problem["code"]) == (507, "storage_full")
            assert "MiB are needed" in problem["detail"]

        assert len(client.get("/jobs").json()["data"]) == 1

    def test_a_bulk_retry_names_the_reason(
        self, client: TestClient, engine: Engine
    ) -> None:
        body = {"action": "retry", "ids": [str(submitted_job(engine).id)]}

        [result] = client.post("/jobs/bulk", json=body).json()["data"]

        assert (result["ok"], result["code"]) == (False, "storage_full")


class TestBeyondTheBudget:
    """The checkpoints that are never freed take more than the budget."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"checkpoint_budget_bytes": 2**20})

    def test_neither_a_job_nor_a_retry_is_taken_until_one_is_deleted(
        self, client: TestClient, engine: Engine
    ) -> None:
        old = succeeded_job(engine)

        for path in ("/jobs", f"/jobs/{old.id}/retry"):
            problem = read_problem(client.post(path, json={}))
            assert (problem["status"], problem["code"]) == (507, "storage_full")
            assert "of 1 MiB in the budget" in problem["detail"]
        client.delete(f"/jobs/{old.id}?files_only=true")

        assert client.post("/jobs", json={}).status_code == 201


class TestWithinTheBudget:
    """What the next pass of the reconciler frees does not count."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"checkpoint_budget_bytes": 2**23})

    def test_a_job_is_taken_though_more_is_stored(
        self, client: TestClient, engine: Engine
    ) -> None:
        succeeded_job(engine, epochs=3)

        assert client.post("/jobs", json={}).status_code == 201
