"""A job may start from another's weights, and still be resumed exactly."""

import pytest
import safetensors.torch
import torch

from app import jobs
from app.database.engine import read_session
from app.jobs import Claim
from app.settings import Settings
from tests.factories import read_job, read_weights, running_job, tiny_spec
from tests.worker.attempts import after, assert_same_weights, never, next_attempt
from worker.fenced import FencedWriter
from worker.run import start_from, start_run
from worker.runner import run_attempt


@pytest.fixture
def parent(writer: FencedWriter, settings: Settings, dataset: None) -> FencedWriter:
    """Give a job that has trained."""
    run_attempt(writer, settings, never)
    return writer


def child_of(parent: FencedWriter, **values: object) -> FencedWriter:
    with read_session(parent.engine) as session:
        best = jobs.best_checkpoint(session, parent.claim.job_id)
    request = tiny_spec(init_from=best.id, **values)
    claim: Claim = running_job(parent.engine, request)
    return FencedWriter(parent.engine, parent.doorbell, claim)


def weights_of(writer: FencedWriter, epoch: int) -> dict[str, torch.Tensor]:
    data = read_weights(writer.engine, writer.claim.job_id, epoch)
    found: dict[str, torch.Tensor] = safetensors.torch.load(data)
    return found


def test_training_goes_on_from_the_checkpoint(
    parent: FencedWriter, settings: Settings
) -> None:
    child = child_of(parent, learning_rate=1e-9, epochs=1)

    run_attempt(child, settings, never)

    best = read_job(parent.engine, parent.claim.job_id).best_epoch or 0
    before, after_it = weights_of(parent, best), weights_of(child, 1)
    assert all(
        torch.allclose(before[name], after_it[name], atol=1e-5) for name in before
    )


@pytest.mark.parametrize("results", [1, 5])
def test_a_stopped_job_goes_on_as_if_it_had_not_been(
    parent: FencedWriter, settings: Settings, results: int
) -> None:
    whole, torn = child_of(parent), child_of(parent)
    run_attempt(whole, settings, never)

    run_attempt(torn, settings, after(results))
    run_attempt(next_attempt(torn), settings, never)

    assert_same_weights(torn, whole)


def test_the_average_starts_there_too() -> None:
    spec = tiny_spec(ema_decay=0.9, architecture="mlp").training_spec()
    other = tiny_spec(ema_decay=0.9, architecture="mlp", seed=8).training_spec()
    donor, run = start_run(spec), start_run(other)
    weights = safetensors.torch.save(donor.network.state_dict())

    start_from(run, weights)

    assert run.average is not None
    expected = donor.network.state_dict()
    for network in (run.network, run.average.network):
        found = network.state_dict()
        assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_a_head_of_another_size_stays_as_drawn() -> None:
    spec = tiny_spec(architecture="mlp").training_spec()
    run, drawn = start_run(spec), start_run(spec)
    state = start_run(tiny_spec(architecture="mlp", seed=9).training_spec())
    donated = state.network.state_dict()
    head = list(donated)[-1]
    donated[head] = torch.zeros(3)

    start_from(run, safetensors.torch.save(donated))

    found = run.network.state_dict()
    assert torch.equal(found[head], drawn.network.state_dict()[head])
