"""Calibration agrees with torchmetrics, and the temperature is the best there is."""

import time

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy
from torchmetrics.functional.classification import multiclass_calibration_error

from app.vision.calibration import (
    BINS,
    COLDEST,
    HOTTEST,
    fit_temperature,
    measure_reliability,
)
from tests.vision.logits import overconfident

FACTORS = torch.linspace(0.97, 1.03, 61, dtype=torch.double)


def loss_at(temperature: float, logits: Tensor, labels: Tensor) -> float:
    return cross_entropy(logits.double() / temperature, labels).item()


def calibration_error_by_hand(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64]
) -> float:
    """Guo et al., equation 3, with bins (lower, upper]."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    error = 0.0
    for number in range(BINS):
        inside = (confidence > number / BINS) & (confidence <= (number + 1) / BINS)
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            error += inside.mean() * gap
    return error


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("factor", [0.2, 1.0, 5.0])
def test_the_calibration_error_is_that_of_torchmetrics(
    classes: int, factor: float
) -> None:
    logits, labels = overconfident(2000, classes, factor)

    reliability = measure_reliability(logits, labels)

    expected = multiclass_calibration_error(
        logits.softmax(dim=1), labels, num_classes=classes, n_bins=15, norm="l1"
    )
    assert reliability.calibration_error == pytest.approx(expected.item(), abs=1e-6)


def test_the_calibration_error_is_that_of_the_paper() -> None:
    logits, labels = overconfident(2000, 10, factor=60.0)
    probabilities = logits.softmax(dim=1)
    assert (probabilities == 1).any()

    reliability = measure_reliability(logits, labels)

    expected = calibration_error_by_hand(probabilities.numpy(), labels.numpy())
    assert reliability.calibration_error == pytest.approx(expected, abs=1e-12)
    assert reliability.loss == pytest.approx(loss_at(1, logits, labels))


def test_the_bins_hold_every_image_once() -> None:
    logits, labels = overconfident(500, 4, factor=3.0)

    bins = measure_reliability(logits, labels).bins

    assert [(b.lower, b.upper) for b in bins] == [
        (number / 15, (number + 1) / 15) for number in range(15)
    ]
    assert sum(b.count for b in bins) == 500
    assert all(
        b.lower < b.confidence <= b.upper for b in bins if b.confidence is not None
    )


def test_a_bin_without_images_has_no_accuracy() -> None:
    bins = measure_reliability(*overconfident(500, 4, factor=3.0)).bins

    assert (bins[0].count, bins[0].confidence, bins[0].accuracy) == (0, None, None)


@pytest.mark.parametrize("factor", [0.1, 0.5, 1.0, 2.0, 8.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_temperature_has_a_smaller_loss(factor: float, seed: int) -> None:
    logits, labels = overconfident(1000, 10, factor, seed)

    temperature = fit_temperature(logits, labels)

    best = loss_at(temperature, logits, labels)
    nearby = [loss_at(temperature * f, logits, labels) for f in FACTORS.tolist()]
    assert best == pytest.approx(min(nearby), abs=1e-12)


@pytest.mark.parametrize("factor", [0.5, 4.0])
def test_a_factor_on_the_logits_is_taken_back(factor: float) -> None:
    logits, labels = overconfident(1000, 10, factor=1.0)

    temperature = fit_temperature(logits * factor, labels)

    assert temperature / factor == pytest.approx(
        fit_temperature(logits, labels), rel=1e-6
    )


def test_confidence_that_is_earned_stays() -> None:
    logits, labels = overconfident(200_000, 10, factor=1.0)

    assert fit_temperature(logits, labels) == pytest.approx(1.0, abs=0.02)


def test_scaling_brings_the_calibration_error_down() -> None:
    logits, labels = overconfident(5000, 10, factor=3.0)

    temperature = fit_temperature(logits, labels)

    after = measure_reliability(logits / temperature, labels).calibration_error
    assert after < measure_reliability(logits, labels).calibration_error / 5


@pytest.mark.parametrize(("factor", "bound"), [(1e4, HOTTEST), (1e-4, COLDEST)])
def test_the_temperature_is_bounded(factor: float, bound: float) -> None:
    logits, labels = overconfident(500, 10, factor)

    assert fit_temperature(logits, labels) == pytest.approx(bound)


def test_labels_that_are_unlikelier_than_chance_heat_to_the_bound() -> None:
    logits, labels = overconfident(500, 10, factor=1.0)

    assert fit_temperature(-logits, labels) == pytest.approx(HOTTEST)


def test_images_that_are_all_right_teach_nothing() -> None:
    logits, _labels = overconfident(50, 10, factor=1.0)

    assert fit_temperature(logits, logits.argmax(dim=1)) == 1.0


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_logits_that_are_not_finite_teach_nothing(value: float) -> None:
    logits, labels = overconfident(50, 10, factor=1.0)
    logits[3, 4] = value

    assert fit_temperature(logits, labels) == 1.0


def test_logits_of_low_precision_will_do() -> None:
    logits, labels = overconfident(1000, 10, factor=2.0)

    temperature = fit_temperature(logits.bfloat16(), labels)

    assert temperature == pytest.approx(fit_temperature(logits, labels), rel=0.02)


def test_the_fit_takes_no_noticeable_time() -> None:
    logits, labels = overconfident(5000, 10, factor=2.0)

    started = time.perf_counter()
    fit_temperature(logits, labels)

    assert time.perf_counter() - started < 0.5
