"""The score tells what a network has learned from what it has not."""

import math

import pytest
import torch
from torch import Tensor, nn

from tests.factories import DIGITS, dataset_of_bars, split_of_bars
from tests.vision.clouds import clouds
from worker.data import Dataset
from worker.familiarity import KEPT, fit, fit_familiarity, known_share, score


def sure_network() -> nn.Module:
    """Return a network that is sure of a bar by its place."""
    linear = nn.Linear(784, 10)
    images = split_of_bars(10).images.float().flatten(1) / 255
    with torch.no_grad():
        linear.weight.copy_(images - images.mean(dim=0))
        linear.bias.zero_()
    return nn.Sequential(nn.Flatten(), linear)


def enough() -> Dataset:
    return Dataset(split_of_bars(50), split_of_bars(400), split_of_bars(4), DIGITS)


def jittered(logits: Tensor) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return logits + torch.randn(logits.shape, generator=generator)


def logits_of(network: nn.Module, dataset: Dataset) -> Tensor:
    with torch.inference_mode():
        found: Tensor = network(dataset.val.images.float().unsqueeze(1) / 255)
    return jittered(found)


def test_outliers_score_lower_than_what_was_learned() -> None:
    known, labels, strange = clouds(classes=10)

    familiarity = fit(known, labels, strange)

    lowest = score(known, familiarity).quantile(0.05)
    assert (score(strange, familiarity) < lowest).double().mean() > 0.95


@pytest.mark.parametrize("classes", [2, 10, 26])
def test_the_threshold_keeps_the_share_it_says(classes: int) -> None:
    known, labels, strange = clouds(classes, of_each=100)

    familiarity = fit(known, labels, strange)

    assert familiarity.kept == KEPT
    assert known_share(known, familiarity) == pytest.approx(KEPT, abs=0.005)


def test_a_far_point_is_unfamiliar_however_sure_the_network_is() -> None:
    known, labels, strange = clouds(classes=10)
    between = torch.zeros(1, 10, dtype=torch.double)
    between[0, :2] = 8

    familiarity = fit(known, labels, torch.cat([strange, between.expand(50, -1)]))

    assert score(between, familiarity).item() < familiarity.threshold


def test_the_same_network_is_always_scored_the_same() -> None:
    network, dataset = sure_network(), enough()
    logits = logits_of(network, dataset)
    before = torch.get_rng_state()

    first, second = (
        fit_familiarity(network, dataset, logits, "fp32") for _ in range(2)
    )

    assert first is not None
    assert first == second
    assert torch.equal(torch.get_rng_state(), before)


def test_few_validation_images_tell_nothing() -> None:
    network, dataset = sure_network(), dataset_of_bars()
    logits = torch.zeros(len(dataset.val), 10)

    assert fit_familiarity(network, dataset, logits, "fp32") is None
    assert known_share(logits, None) is None


@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_a_network_without_finite_logits_has_no_score(number: float) -> None:
    network, dataset = sure_network(), enough()
    logits = logits_of(network, dataset)
    spoilt = logits.clone()
    spoilt[3, 4] = number

    assert fit_familiarity(network, dataset, spoilt, "fp32") is None


def test_nor_one_that_is_beside_itself_before_an_outlier() -> None:
    network, dataset = sure_network(), enough()
    logits = logits_of(network, dataset)
    for weight in network.parameters():
        nn.init.constant_(weight, math.inf)

    assert fit_familiarity(network, dataset, logits, "fp32") is None


def test_logits_that_never_differ_can_be_scored() -> None:
    labels = torch.arange(10).repeat(30)

    familiarity = fit(
        torch.eye(10, dtype=torch.double)[labels],
        labels,
        torch.zeros(50, 10, dtype=torch.double),
    )

    assert score(torch.zeros(1, 10), familiarity).item() < familiarity.threshold
