"""`modelmill models` names checkpoints and moves aliases."""

from pathlib import Path
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.cli.conftest import RunCommand
from tests.factories import fresh_weights, record_epoch, running_job


def test_a_model_is_created_promoted_and_listed(
    url: str, run: RunCommand, engine: Engine, client: TestClient
) -> None:
    checkpoint = record_epoch(engine, running_job(engine), 1)

    run("models", "create", "digits", "--checkpoint", checkpoint.id, "--url", url)
    run("models", "promote", "digits", 1, "--if-version", 0, "--url", url)
    listed = run("models", "list", "--url", url)

    assert "digits" in listed.stdout
    assert "champion = 1" in listed.stdout
    aliases = client.get("/models/digits").json()["aliases"]
    assert aliases == [{"alias": "champion", "version": 1}]


def test_a_model_may_begin_without_a_version(url: str, run: RunCommand) -> None:
    run("models", "create", "digits", "--url", url)

    refused = run("models", "promote", "digits", 1, "--url", url)

    assert refused.exit_code != 0
    assert "no version 1" in refused.stderr


def test_a_checkpoint_from_elsewhere_becomes_a_version(
    url: str, run: RunCommand, tmp_path: Path
) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(fresh_weights(UUID(int=1)))
    run("models", "create", "digits", "--url", url)

    done = run("models", "import", "digits", path, "--url", url)
    refused = run("models", "import", "digits", __file__, "--url", url)
    missing = run("models", "import", "digits", "nothing.zip", "--url", url)

    assert (done.exit_code, done.stdout.strip()) == (0, "digits@1 is imported")
    assert "neither weights" in refused.stderr
    assert "Cannot read nothing.zip" in missing.stderr
