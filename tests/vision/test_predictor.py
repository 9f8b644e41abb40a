"""The predictor answers from any checkpoint and keeps the last few."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID, uuid4

import numpy as np
import pytest
import torch
from torch import nn

from app.vision.checkpoint import encode_checkpoint
from app.vision.network import build_network
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction
from app.vision.predictor import Limits, Predictor
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


def predictor_of(checkpoints: int = 1, most_waiting: int = 100) -> Predictor:
    """Return a predictor with room for so many of the tutorial's networks."""
    size = len(encode_checkpoint(network_that_answers(0), card(uuid4())))
    return Predictor(Limits(checkpoints * (size + 100), 8, most_waiting))


def predict(
    predictor: Predictor, shelf: Shelf, checkpoint_id: UUID, images: Sequence[Pixels]
) -> list[Prediction]:
    return asyncio.run(predictor.predict(checkpoint_id, shelf.read_weights, images))


def predict_with(weights: bytes, images: Sequence[Pixels]) -> list[Prediction]:
    asked = predictor_of().predict(uuid4(), lambda _: weights, images)
    return asyncio.run(asked)


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

    predictions = predict(predictor_of(), shelf, checkpoint_id, images)

    assert len(predictions) == 3
    for prediction in predictions:
        assert tuple(prediction.probabilities) == DIGITS
        assert sum(prediction.probabilities.values()) == pytest.approx(1)


def test_the_label_is_the_likeliest_class(shelf: Shelf, images: list[Pixels]) -> None:
    checkpoint_id = shelf.add(answer=7)

    [prediction] = predict(predictor_of(), shelf, checkpoint_id, images[:1])

    assert prediction.label == "7"
    assert prediction.confidence == prediction.probabilities["7"]
    assert prediction.confidence == max(prediction.probabilities.values())


def test_a_checkpoint_s_temperature_tempers_its_confidence(
    images: list[Pixels],
) -> None:
    network = network_that_answers(7)
    cards = [
        card(uuid4()).model_copy(update={"temperature": temperature})
        for temperature in (1.0, 2.0)
    ]

    plain, tempered = (
        predict_with(encode_checkpoint(network, its_card), images[:1])[0]
        for its_card in cards
    )

    gaps = [
        math.log(answer.probabilities["7"] / answer.probabilities["1"])
        for answer in (plain, tempered)
    ]
    assert tempered.label == plain.label == "7"
    assert gaps[0] == pytest.approx(2 * gaps[1], rel=1e-4)


def test_an_image_s_answer_does_not_depend_on_its_neighbours(shelf: Shelf) -> None:
    torch.manual_seed(0)
    weights = encode_checkpoint(build_network(TUTORIAL, PICTURE), card(uuid4()))
    noise = np.random.default_rng(0).integers(0, 256, (2, 28, 28), np.uint8)

    both = predict_with(weights, list(noise))
    [second] = predict_with(weights, [noise[1]])

    assert both[0].probabilities != both[1].probabilities
    assert second.probabilities == pytest.approx(both[1].probabilities, abs=1e-6)


def test_weights_are_read_once(shelf: Shelf, images: list[Pixels]) -> None:
    predictor, checkpoint_id = predictor_of(), shelf.add(answer=1)

    predict(predictor, shelf, checkpoint_id, images)
    predict(predictor, shelf, checkpoint_id, images)

    assert shelf.read == [checkpoint_id]


def test_two_checkpoints_are_not_confused(shelf: Shelf, images: list[Pixels]) -> None:
    predictor, first, second = predictor_of(2), shelf.add(1), shelf.add(2)

    answers = [
        predict(predictor, shelf, checkpoint_id, images)[0].label
        for checkpoint_id in (first, second, first)
    ]

    assert answers == ["1", "2", "1"]


def test_the_checkpoint_used_longest_ago_leaves_first(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor = predictor_of(checkpoints=2)
    first, second, third = (shelf.add(answer=number) for number in range(3))

    for checkpoint_id in (first, second, first, third, first, second):
        predict(predictor, shelf, checkpoint_id, images)

    assert shelf.read == [first, second, third, second]


def test_a_checkpoint_that_cannot_be_read_is_asked_for_again(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor, checkpoint_id = predictor_of(), uuid4()
    with pytest.raises(KeyError):
        predict(predictor, shelf, checkpoint_id, images)

    shelf.answers[checkpoint_id] = 4
    [prediction] = predict(predictor, shelf, checkpoint_id, images[:1])

    assert prediction.label == "4"


def test_one_checkpoint_stays_however_large_it_is(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor, checkpoint_id = predictor_of(checkpoints=0), shelf.add(answer=1)

    predict(predictor, shelf, checkpoint_id, images)
    predict(predictor, shelf, checkpoint_id, images)

    assert shelf.read == [checkpoint_id]


def test_requests_at_the_same_time_read_the_weights_once(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor, checkpoint_id = predictor_of(), shelf.add(answer=3)

    async def ask_together() -> list[list[Prediction]]:
        asked = (
            predictor.predict(checkpoint_id, shelf.read_weights, images)
            for _ in range(5)
        )
        return await asyncio.gather(*asked)

    answers = asyncio.run(ask_together())

    assert shelf.read == [checkpoint_id]
    assert all(answer[0].label == "3" for answer in answers)


def test_a_checkpoint_that_loads_slowly_holds_up_no_other(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor, slow, quick = predictor_of(2), shelf.add(answer=1), shelf.add(answer=2)
    go_on = Event()

    def read_slowly(checkpoint_id: UUID) -> bytes:
        go_on.wait(timeout=60)
        return shelf.read_weights(checkpoint_id)

    async def ask_both() -> list[Prediction]:
        late = asyncio.create_task(predictor.predict(slow, read_slowly, images))
        early = await predictor.predict(quick, shelf.read_weights, images)
        assert not late.done()
        go_on.set()
        return [early[0], (await late)[0]]

    answers = asyncio.run(ask_both())

    assert [answer.label for answer in answers] == ["2", "1"]


def test_a_client_that_leaves_spoils_nothing_for_the_others(
    shelf: Shelf, images: list[Pixels]
) -> None:
    predictor, checkpoint_id = predictor_of(), shelf.add(answer=5)

    async def leave_and_stay() -> list[Prediction]:
        leaves, stays = (
            asyncio.create_task(
                predictor.predict(checkpoint_id, shelf.read_weights, images)
            )
            for _ in range(2)
        )
        await asyncio.sleep(0)
        leaves.cancel()
        return await stays

    assert asyncio.run(leave_and_stay())[0].label == "5"


def test_who_comes_as_a_checkpoint_gets_ready_is_answered(
    shelf: Shelf, images: list[Pixels], monkeypatch: pytest.MonkeyPatch
) -> None:
    predictor, checkpoint_id = predictor_of(), shelf.add(answer=4)
    later: list[asyncio.Task[list[Prediction]]] = []

    def ask() -> asyncio.Task[list[Prediction]]:
        asked = predictor.predict(checkpoint_id, shelf.read_weights, images)
        return asyncio.create_task(asked)

    async def prepare_and_be_asked(work: Callable[[], object]) -> object:
        prepared = work()
        later.append(ask())  # its turn comes before that of whoever keeps the network
        return prepared

    async def both() -> list[Prediction]:
        return await ask() + await later[0]

    monkeypatch.setattr(asyncio, "to_thread", prepare_and_be_asked)

    answers = asyncio.run(both())

    assert {answer.label for answer in answers} == {"4"}
    assert len(shelf.read) == 1
