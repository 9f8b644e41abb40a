"""The report's numbers are scikit-learn's, and every report survives its storage."""

import base64
from io import BytesIO
from uuid import uuid4

import numpy as np
import pytest
import torch
from PIL import Image
from pydantic import ValidationError
from sklearn import metrics
from torch import Tensor
from torch.nn.functional import cross_entropy

from app.report import EvaluationReport
from app.vision.calibration import measure_reliability
from app.vision.card import CheckpointCard
from app.vision.evaluation import make_report
from tests.factories import card
from tests.vision.logits import overconfident

PICKS = torch.arange(28 * 28, dtype=torch.int64).reshape(28, 28)


def pictures(count: int) -> Tensor:
    """Return images (N, 28, 28), no two of them the same."""
    places = torch.arange(count).reshape(-1, 1, 1)
    return ((PICKS * 7 + places) % 256).to(torch.uint8)


def card_for(classes: int, temperature: float = 1.0) -> CheckpointCard:
    names = tuple(f"class {number}" for number in range(classes))
    values = {"class_names": names, "temperature": temperature}
    return card(uuid4(), epoch=3).model_copy(update=values)


def report_of(
    logits: Tensor, labels: Tensor, temperature: float = 1.0
) -> EvaluationReport:
    its_card = card_for(logits.shape[1], temperature)
    return make_report(logits, labels, pictures(len(labels)), its_card)


@pytest.fixture
def logits_and_labels() -> tuple[Tensor, Tensor]:
    """Return what a network says that never answers 3, of images none of which is 5."""
    logits, labels = overconfident(800, 10, factor=1.0)
    logits[:, 3] = -12
    labels[labels == 5] = 6
    return logits, labels


def scores(report: EvaluationReport, number: str) -> list[float]:
    values = [getattr(score, number) for score in report.classes]
    return [np.nan if value is None else value for value in values]


def test_accuracy_and_loss_are_those_of_scikit_learn(
    logits_and_labels: tuple[Tensor, Tensor],
) -> None:
    logits, labels = logits_and_labels

    report = report_of(logits, labels)

    predicted, probabilities = logits.argmax(dim=1), logits.softmax(dim=1)
    assert report.images == 800
    assert report.accuracy == pytest.approx(metrics.accuracy_score(labels, predicted))
    assert report.loss == pytest.approx(
        metrics.log_loss(labels, probabilities, labels=range(10))
    )


def test_scores_by_class_are_those_of_scikit_learn(
    logits_and_labels: tuple[Tensor, Tensor],
) -> None:
    logits, labels = logits_and_labels

    report = report_of(logits, labels)

    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, logits.argmax(dim=1), labels=range(10), zero_division=np.nan
    )
    np.testing.assert_allclose(scores(report, "precision"), precision)
    np.testing.assert_allclose(scores(report, "recall"), recall)
    np.testing.assert_allclose(scores(report, "f1"), f1)
    assert [score.support for score in report.classes] == support.tolist()


def test_a_share_of_nothing_is_null(logits_and_labels: tuple[Tensor, Tensor]) -> None:
    report = report_of(*logits_and_labels)

    never_predicted, never_shown = report.classes[3], report.classes[5]
    assert (never_predicted.precision, never_predicted.recall) == (None, 0)
    assert (never_shown.support, never_shown.recall) == (0, None)


def test_the_confusion_matrix_is_that_of_scikit_learn(
    logits_and_labels: tuple[Tensor, Tensor],
) -> None:
    logits, labels = logits_and_labels

    report = report_of(logits, labels)

    expected = metrics.confusion_matrix(labels, logits.argmax(dim=1), labels=range(10))
    assert report.confusion_matrix == expected.tolist()


def test_calibration_is_measured_without_and_with_the_temperature() -> None:
    logits, labels = overconfident(500, 10, factor=3.0)

    report = report_of(logits, labels, temperature=2.5)

    assert report.calibration.temperature == 2.5
    assert report.calibration.before == measure_reliability(logits, labels)
    assert report.calibration.after == measure_reliability(logits / 2.5, labels)


def test_the_worst_images_come_first() -> None:
    logits, labels = overconfident(200, 10, factor=3.0)

    worst = report_of(logits, labels, temperature=2.0).worst_images

    losses = cross_entropy(logits / 2.0, labels, reduction="none")
    assert [image.loss for image in worst] == pytest.approx(
        losses.sort(descending=True).values[:25].tolist()
    )
    assert [image.loss for image in worst] == pytest.approx(
        [losses[image.index].item() for image in worst]
    )


def test_a_worst_image_says_what_it_was_taken_for() -> None:
    logits, labels = overconfident(200, 10, factor=3.0)

    worst = report_of(logits, labels, temperature=2.0).worst_images[0]

    probabilities = (logits[worst.index] / 2.0).softmax(dim=0)
    assert worst.label == f"class {labels[worst.index]}"
    assert worst.predicted == f"class {logits[worst.index].argmax()}"
    assert list(worst.probabilities.values()) == pytest.approx(probabilities.tolist())


def test_a_worst_image_brings_its_picture() -> None:
    logits, labels = overconfident(40, 10, factor=3.0)

    worst = report_of(logits, labels).worst_images

    for image in worst:
        picture = Image.open(BytesIO(base64.b64decode(image.png)))
        assert np.array_equal(np.asarray(picture), pictures(40)[image.index].numpy())


def test_a_small_test_set_has_no_more_worst_images_than_images() -> None:
    report = report_of(torch.zeros(3, 2), torch.tensor([0, 1, 1]))

    assert [image.index for image in report.worst_images] == [0, 1, 2]


def test_a_network_that_is_always_sure_and_right_has_a_report() -> None:
    report = report_of(1000 * torch.eye(4), torch.arange(4))

    assert (report.loss, report.accuracy) == (0, 1)
    assert report.calibration.after.calibration_error == 0


def test_logits_that_are_not_finite_make_no_report() -> None:
    logits = torch.tensor([[torch.nan, 1.0], [2.0, 1.0]])

    with pytest.raises(ValidationError, match="nan"):
        report_of(logits, torch.tensor([0, 1]))


def test_a_report_returns_whole_from_json(
    logits_and_labels: tuple[Tensor, Tensor],
) -> None:
    report = report_of(*logits_and_labels)

    text = report.model_dump_json()

    assert "NaN" not in text
    assert EvaluationReport.model_validate_json(text) == report


def test_a_report_names_its_epoch_and_classes() -> None:
    report = report_of(torch.zeros(3, 2), torch.tensor([0, 1, 1]))

    assert report.epoch == 3
    assert report.class_names == ["class 0", "class 1"]
