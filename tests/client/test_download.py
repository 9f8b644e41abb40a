"""A checkpoint's file is there whole, or not at all."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.client import Client, NoCheckpoint, Retries, TornDownload, UnusableFile
from tests.client.jobs import CHECKPOINT, QUEUED, WEIGHTS
from tests.factories import (
    claimed_job,
    read_weights,
    record_epoch,
    submitted_job,
    succeeded_job,
)
from tests.flaky import Reaction, answer, flaky_server, hang_up

KNOWN = (
    answer(json.dumps(QUEUED | {"best_epoch": 1})),
    answer(json.dumps({"data": [CHECKPOINT]})),
)


@pytest.mark.parametrize(("epoch", "chosen"), [("best", 2), ("last", 3), (1, 1)])
def test_an_epoch_is_pulled_by_name_or_number(
    remote: Client, engine: Engine, tmp_path: Path, epoch: str, chosen: int
) -> None:
    claim = claimed_job(engine, submitted_job(engine).id)
    for number in (1, 2, 3):
        record_epoch(engine, claim, number, is_best=number < 3)

    path = remote.pull(str(claim.job_id), epoch, tmp_path)  # type: ignore[arg-type]  # of parametrize

    assert path == tmp_path / f"modelmill-{claim.job_id}-epoch-{chosen}.safetensors"
    assert path.read_bytes() == read_weights(engine, claim.job_id, chosen)
    assert list(tmp_path.glob(".*")) == []


def test_a_file_may_have_any_name_and_replaces_another(
    remote: Client, engine: Engine, tmp_path: Path
) -> None:
    job = succeeded_job(engine)
    target = tmp_path / "net.safetensors"
    target.write_bytes(b"old")

    assert remote.pull(str(job.id), to=target) == target
    assert target.read_bytes() == read_weights(engine, job.id, 1)


def test_an_epoch_without_a_checkpoint_is_told_with_those_that_have(
    remote: Client, engine: Engine, tmp_path: Path
) -> None:
    job = succeeded_job(engine, epochs=2)

    with pytest.raises(NoCheckpoint, match=r"epoch 7; there are: 1, 2\.$"):
        remote.pull(str(job.id), 7, tmp_path)


def test_a_job_without_checkpoints_has_no_best(
    remote: Client, engine: Engine, tmp_path: Path
) -> None:
    job = submitted_job(engine)

    with pytest.raises(NoCheckpoint, match=r"epoch best; there are: none\.$"):
        remote.pull(str(job.id), to=tmp_path)


@pytest.mark.parametrize(
    "torn",
    [
        hang_up,
        answer(WEIGHTS[:-1], announced=len(WEIGHTS)),
        answer(WEIGHTS[:-1]),
        answer(WEIGHTS[::-1]),
    ],
    ids=["nothing", "torn", "short", "damaged"],
)
def test_what_came_torn_is_fetched_again(
    torn: Reaction, retries: Retries, pauses: list[float], tmp_path: Path
) -> None:
    with flaky_server(*KNOWN, torn, answer(WEIGHTS)) as server:
        path = Client(server.url, retries=retries).pull("1", to=tmp_path / "net")

    assert path.read_bytes() == WEIGHTS
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(WEIGHTS[:70], "70 of 7000 bytes", id="short"),
        pytest.param(WEIGHTS[::-1], "SHA-256 is another", id="damaged"),
    ],
)
def test_what_never_comes_whole_leaves_the_old_file(
    body: bytes, words: str, retries: Retries, tmp_path: Path
) -> None:
    target = tmp_path / "net"
    target.write_bytes(b"old")

    with (
        flaky_server(*KNOWN, *[answer(body)] * 4) as server,
        pytest.raises(TornDownload, match=words),
    ):
        Client(server.url, retries=retries).pull("1", to=target)

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_where_nothing_can_be_written_is_named(
    remote: Client, engine: Engine, tmp_path: Path
) -> None:
    target = tmp_path / "missing" / "net"

    with pytest.raises(UnusableFile, match=f"^Cannot write {target}: No such file"):
        remote.pull(str(succeeded_job(engine).id), to=target)
