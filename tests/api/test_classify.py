"""What is known of a picture: first what it shows itself, then the score."""

import numpy as np
import pytest

from app.api.classify import one_digit, several_digits
from app.vision.doubt import doubt
from app.vision.gates import Reason
from app.vision.prediction import Prediction
from app.vision.reading import Reading
from app.vision.segmentation import FoundDigit
from app.vision.strokes import Box

BOX = Box(0, 0, 5, 5)


def scored(score: float | None) -> Prediction:
    threshold = None if score is None else 1.0
    return Prediction("7", 1.0, {"7": 1.0}, score, threshold)


def reading(reason: Reason | None = None) -> Reading:
    return Reading(np.zeros((28, 28), np.uint8), "light_on_dark", BOX, reason)


@pytest.mark.parametrize(
    ("by_picture", "score", "reason"),
    [
        (None, 1.0, None),
        (None, 0.9, Reason.UNFAMILIAR),
        (None, None, None),
        (Reason.NO_INK, 0.9, Reason.NO_INK),
        (Reason.NO_INK, 3.0, Reason.NO_INK),
    ],
)
def test_the_picture_s_own_reason_goes_before_the_score(
    by_picture: Reason | None, score: float | None, reason: Reason | None
) -> None:
    assert doubt(reading(by_picture), scored(score)) == reason


def test_an_answer_holds_the_score_and_its_threshold() -> None:
    answer = one_digit("a.png", reading(), scored(0.5), maps=None)

    assert (answer.known, answer.reason) == (False, Reason.UNFAMILIAR)
    assert (answer.score, answer.threshold) == (0.5, 1.0)


def test_each_of_several_digits_is_judged_by_itself() -> None:
    pairs = [
        (FoundDigit(reading(), BOX, line=0), scored(score)) for score in (0.5, 2.0)
    ]

    answer = several_digits("a.png", pairs, maps=None)

    assert [digit.known for digit in answer.digits] == [False, True]
    assert [digit.reason for digit in answer.digits] == [Reason.UNFAMILIAR, None]
