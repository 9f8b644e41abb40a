"""A measurement weighs each image the same, whatever else is going on."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from app.vision.preprocessing import Preprocessing
from app.vision.tensors import normalize
from tests.factories import split_of_bars, tiny_spec
from worker.data import Split
from worker.evaluation import ONCE, SHIFTED, View, evaluate, views_for
from worker.run import start_run


def network() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def logits_of(network: nn.Module, images: Split) -> Tensor:
    with torch.inference_mode():
        logits: Tensor = network(normalize(images.images, Preprocessing()))
        return logits


def test_each_image_weighs_the_same_over_uneven_parts() -> None:
    asked, images = network(), split_of_bars(503)

    measured = evaluate(asked, images)

    logits = logits_of(asked, images)
    right = (logits.argmax(dim=1) == images.labels).sum().item()
    loss = cross_entropy(logits, images.labels).item()
    assert measured.loss == pytest.approx(loss, rel=1e-5)
    assert measured.accuracy == right / 503
    assert torch.allclose(measured.logits, logits, atol=1e-6)


def test_it_consumes_no_randomness_and_drops_nothing_out() -> None:
    run, images = start_run(tiny_spec()), split_of_bars(4)
    before = torch.get_rng_state()

    first = evaluate(run.network.train(), images)

    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(evaluate(run.network, images).logits, first.logits)


def test_bf16_is_near_to_fp32_and_answers_in_it() -> None:
    asked, images = network(), split_of_bars(10)

    measured = evaluate(asked, images, "bf16")

    assert measured.logits.dtype is torch.float32
    assert torch.allclose(measured.logits, evaluate(asked, images).logits, atol=0.05)


def test_nine_places_of_an_image_are_asked_for_their_mean_opinion() -> None:
    asked, images = network(), split_of_bars(10)
    moved = [
        Split(images.images.roll((down, right), dims=(1, 2)), images.labels)
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]

    measured = evaluate(asked, images, views=SHIFTED)

    mean = sum(logits_of(asked, place).softmax(dim=1) for place in moved) / 9
    assert torch.allclose(measured.logits, torch.as_tensor(mean).log(), atol=1e-5)


def test_an_opinion_of_nine_places_is_a_distribution() -> None:
    logits = evaluate(network(), split_of_bars(10), views=SHIFTED).logits

    assert torch.allclose(logits.exp().sum(dim=1), torch.ones(10), atol=1e-5)


@pytest.mark.parametrize(
    ("augmentation", "count"), [(None, 9), ({"rotate": 5.0}, 9), ({"flip": True}, 18)]
)
def test_test_images_are_mirrored_where_training_images_were(
    augmentation: dict[str, Any] | None, count: int
) -> None:
    spec = tiny_spec(test_time_augmentation=True, augmentation=augmentation)

    assert len(set(views_for(spec))) == count


def test_test_images_are_seen_once_unless_the_spec_says_more() -> None:
    assert views_for(tiny_spec(augmentation={"flip": True})) == ONCE


def test_an_image_and_its_mirror_get_the_same_mean_opinion() -> None:
    asked, bars = network(), split_of_bars(10)
    images = Split(bars.images.roll(3, dims=2), bars.labels)  # unlike their mirrors
    mirrored = Split(images.images.flip(-1), images.labels)
    views = (View(0, 0), View(0, 0, mirrored=True))

    [one, other] = (evaluate(asked, seen, views=views) for seen in (images, mirrored))

    assert torch.allclose(one.logits, other.logits, atol=1e-5)
    assert not torch.allclose(logits_of(asked, images), logits_of(asked, mirrored))
