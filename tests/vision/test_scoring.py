"""A prepared checkpoint scores pictures as the fit of its score does."""

from uuid import uuid4

import numpy as np
import pytest
import torch

from app.vision.checkpoint import encode_checkpoint
from app.vision.network import build_network
from app.vision.prediction import predictions
from app.vision.prepared import PreparedCheckpoint, prepare_checkpoint
from tests.factories import PICTURE, TUTORIAL, bars, card
from tests.vision.clouds import clouds
from worker.familiarity import fit, score


@pytest.fixture(scope="module")
def prepared() -> PreparedCheckpoint:
    """Give a fresh network whose card says how to score."""
    known, labels, strange = clouds(classes=10)
    its_card = card(uuid4()).model_copy(
        update={"familiarity": fit(known, labels, strange)}
    )
    torch.manual_seed(0)
    return prepare_checkpoint(
        encode_checkpoint(build_network(TUTORIAL, PICTURE), its_card)
    )


def test_the_score_stands_beside_the_logits(prepared: PreparedCheckpoint) -> None:
    images = list(bars(5)[0])

    rows = prepared.rows(images)

    assert rows.shape == (5, 11)
    np.testing.assert_array_equal(rows[:, :10], prepared.logits(images))


def test_it_is_what_the_fit_computes(prepared: PreparedCheckpoint) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)

    rows = torch.from_numpy(prepared.rows(list(noise)))

    familiarity = prepared.card.familiarity
    assert familiarity is not None
    expected = score(rows[:, :10], familiarity)
    assert torch.allclose(rows[:, 10].double(), expected, atol=1e-3, rtol=1e-4)


def test_it_does_not_depend_on_the_neighbours(prepared: PreparedCheckpoint) -> None:
    images = list(bars(7)[0])

    together = prepared.rows(images)

    for image, row in zip(images, together, strict=True):
        np.testing.assert_allclose(prepared.rows([image])[0], row, atol=1e-4)


def test_a_lower_score_than_the_threshold_is_not_familiar(
    prepared: PreparedCheckpoint,
) -> None:
    familiarity = prepared.card.familiarity
    assert familiarity is not None
    rows = np.zeros((2, 11), np.float32)
    rows[:, 10] = familiarity.threshold - 1, familiarity.threshold + 1

    strange, known = predictions(prepared.card, rows)

    assert (strange.is_familiar, known.is_familiar) == (False, True)
    assert strange.score == pytest.approx(familiarity.threshold - 1, abs=1e-4)
    assert strange.threshold == familiarity.threshold


def test_a_checkpoint_without_a_score_calls_nothing_unfamiliar() -> None:
    [answer] = predictions(card(uuid4()), np.zeros((1, 10), np.float32))

    assert (answer.score, answer.threshold) == (None, None)
    assert answer.is_familiar
