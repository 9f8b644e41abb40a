"""The predictor answers from any checkpoint and keeps the last few."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import numpy as np
import pytest
import torch
from torch import nn

from app.vision.checkpoint import encode_checkpoint
from app.vision.network import build_network
from app.vision.predictor import Predictor
from app.vision.preprocessing import Pixels
from tests.factories import DIGITS, PICTURE, TUTORIAL, bars, card


@dataclass
class Shelf:
    """Checkpoints of networks that each know one answer, and who asked for them."""

    answers: dict[UUID, int] = field(default_factory=dict)
    read: list[UUID] = field(default_factory=list)

    def add(self, answer: int) -> UUID:
        checkpoint_id = uuid4()
        self.answers[checkpoint_id] = answer
        return checkpoint_id

    def read_weights(self, checkpoint_id: UUID) -> bytes:
        self.read.append(checkpoint_id)
        network = network_that_answers(self.answers[checkpoint_id])
        return encode_checkpoint(network, card(uuid4()))


def network_that_answers(label: int) -> nn.Module:
    network = build_network(TUTORIAL, PICTURE)
    weights = list(network.parameters())
    for weight in weights:
        nn.init.constant_(weight, 0.01)
    nn.init.constant_(weights[-1][label], 0.02)
    return network


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def images() -> list[Pixels]:
    return list(bars(3)[0])


def test_each_image_gets_a_probability_for_each_class(
    shelf: Shelf, images: list[Pixels]
) -> None:
    checkpoint_id = shelf.add(answer=7)

    predictions = Predictor(1).predict(checkpoint_id, shelf.read_weights, images)

    assert len(predictions) == 3
    for prediction in predictions:
        assert tuple(prediction.probabilities) == DIGITS
        assert sum(prediction.probabilities.values()) == pytest.approx(1)


def test_the_label_is_the_likeliest_class(shelf: Shelf, images: list[Pixels]) -> None:
    checkpoint_id = shelf.add(answer=7)

    [prediction] = Predictor(1).predict(checkpoint_id, shelf.read_weights, images[:1])

    assert prediction.label == "7"
    assert prediction.confidence == prediction.probabilities["7"]
    assert prediction.confidence == max(prediction.probabilities.values())


def test_an_image_s_answer_does_not_depend_on_its_neighbours(shelf: Shelf) -> None:
    torch.manual_seed(0)
    weights = encode_checkpoint(build_network(TUTORIAL, PICTURE), card(uuid4()))
    noise = np.random.default_rng(0).integers(0, 256, (2, 28, 28), np.uint8)

    both = Predictor(1).predict(uuid4(), lambda _: weights, list(noise))
    [second] = Predictor(1).predict(uuid4(), lambda _: weights, [noise[1]])

    assert both[0].probabilities != both[1].probabilities
    assert second.probabilities == pytest.approx(both[1].probabilities, abs=1e-6)


def test_weights_are_read_once(shelf: Shelf, images: list[Pixels]) -> None:
    predictor, checkpoint_id = Predictor(1), shelf.add(answer=1)

    predictor.predict(checkpoint_id, shelf.read_weights, images)
    predictor.predict(checkpoint_id, shelf.read_weights, images)

    assert shelf.read == [checkpoint_id]


def test_two_checkpoints_are_not_confused(shelf: Shelf, images: list[Pixels]) -> None:
    predictor, first, second = Predictor(2), shelf.add(answer=1), shelf.add(answer=2)

    answers = [
        predictor.predict(checkpoint_id, shelf.read_weights, images)[0].label
        for checkpoint_id in (first, second, first)
    ]

    assert answers == ["1", "2", "1"]


def test_the_checkpoint_used_longest_ago_leaves_first(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor = Predictor(2)
    first, second, third = (shelf.add(answer=number) for number in range(3))

    for checkpoint_id in (first, second, first, third, first, second):
        predictor.predict(checkpoint_id, shelf.read_weights, images)

    assert shelf.read == [first, second, third, second]


def test_a_checkpoint_that_cannot_be_read_is_asked_for_again(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor, checkpoint_id = Predictor(1), uuid4()
    with pytest.raises(KeyError):
        predictor.predict(checkpoint_id, shelf.read_weights, images)

    shelf.answers[checkpoint_id] = 4
    [prediction] = predictor.predict(checkpoint_id, shelf.read_weights, images[:1])

    assert prediction.label == "4"
