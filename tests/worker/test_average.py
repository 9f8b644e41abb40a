"""The average follows the weights, and the more slowly the later."""

import pytest
import torch
from torch import nn

from worker.average import WeightAverage


@pytest.fixture
def network() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))


def fill(network: nn.Module, value: float) -> None:
    with torch.no_grad():
        for weight in network.parameters():
            weight.fill_(value)


def test_an_average_starts_as_the_network_is(network: nn.Module) -> None:
    average = WeightAverage(network, 0.9)

    ours, theirs = average.network.state_dict(), network.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    assert not any(w.requires_grad for w in average.network.parameters())


def test_the_first_steps_move_it_most(network: nn.Module) -> None:
    fill(network, 0.0)
    average = WeightAverage(network, 0.9)
    fill(network, 1.0)

    average.update(step=1)

    # The decay of step 1 is 2/11, so 9/11 of the way are gone.
    for weight in average.network.parameters():
        assert weight.flatten().tolist() == pytest.approx([9 / 11] * weight.numel())


def test_later_steps_move_it_by_its_decay(network: nn.Module) -> None:
    fill(network, 0.0)
    average = WeightAverage(network, 0.9)
    fill(network, 1.0)

    average.update(step=1000)

    for weight in average.network.parameters():
        assert weight.flatten().tolist() == pytest.approx([0.1] * weight.numel())


def test_the_statistics_of_batch_normalisation_are_averaged_too(
    network: nn.Module,
) -> None:
    average = WeightAverage(network, 0.5)
    network(torch.full((4, 2), 3.0))

    average.update(step=1000)

    _linear, norm = average.network.children()
    _linear, source = network.children()
    mean = source.get_buffer("running_mean")
    assert torch.allclose(norm.get_buffer("running_mean"), mean / 2)
    assert norm.get_buffer("num_batches_tracked").item() == 1


def test_the_network_itself_is_left_alone(network: nn.Module) -> None:
    average = WeightAverage(network, 0.5)
    before = [weight.clone() for weight in network.parameters()]

    average.update(step=1)

    assert all(map(torch.equal, network.parameters(), before))
