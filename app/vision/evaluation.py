"""From a network's logits on the test images to the report of what they are worth."""

import base64
from collections.abc import Sequence
from io import BytesIO

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import cross_entropy

from app.report import (
    MOST_WORST_IMAGES,
    Calibration,
    ClassScore,
    EvaluationReport,
    WorstImage,
)
from app.vision.calibration import measure_reliability
from app.vision.card import CheckpointCard


def make_report(
    logits: Tensor, labels: Tensor, images: Tensor, card: CheckpointCard
) -> EvaluationReport:
    """Measure logits (N, K) of images (N, H, W[, 3]) by labels (N,), in float64.

    Raises:
        ValidationError: A logit is not a finite number.
    """
    logits, labels = logits.detach().to("cpu", torch.double), labels.cpu()
    confusion = confusion_matrix(logits.argmax(dim=1), labels, len(card.class_names))
    scaled = logits / card.temperature
    calibration = Calibration(
        temperature=card.temperature,
        before=measure_reliability(logits, labels),
        after=measure_reliability(scaled, labels),
    )
    return EvaluationReport(
        epoch=card.epoch,
        images=len(labels),
        loss=calibration.before.loss,
        accuracy=confusion.trace().item() / len(labels),
        classes=class_scores(confusion, card.class_names),
        confusion_matrix=confusion.tolist(),
        calibration=calibration,
        worst_images=worst_images(scaled, labels, images, card.class_names),
    )


def confusion_matrix(predicted: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Count images by true class (row) and predicted class (column)."""
    cells = torch.bincount(labels * classes + predicted, minlength=classes**2)
    return cells.reshape(classes, classes)


def class_scores(confusion: Tensor, names: Sequence[str]) -> list[ClassScore]:
    right = confusion.diagonal().tolist()
    shown = confusion.sum(dim=1).tolist()
    predicted = confusion.sum(dim=0).tolist()
    return [
        ClassScore(
            name=name,
            support=shown[row],
            precision=share(right[row], predicted[row]),
            recall=share(right[row], shown[row]),
            f1=share(2 * right[row], predicted[row] + shown[row]),
        )
        for row, name in enumerate(names)
    ]


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def worst_images(
    logits: Tensor, labels: Tensor, images: Tensor, names: Sequence[str]
) -> list[WorstImage]:
    """Return the images with the highest loss; of equals, the earlier ones."""
    losses = cross_entropy(logits, labels, reduction="none")
    order = losses.sort(descending=True, stable=True).indices[:MOST_WORST_IMAGES]
    probabilities = logits[order].softmax(dim=1)
    return [
        WorstImage(
            index=index,
            label=names[int(labels[index])],
            predicted=names[int(row.argmax())],
            loss=losses[index].item(),
            probabilities=dict(zip(names, row.tolist(), strict=True)),
            png=to_png(images[index]),
        )
        for index, row in zip(order.tolist(), probabilities, strict=True)
    ]


def to_png(pixels: Tensor) -> str:
    """Return uint8 pixels (H, W) or (H, W, 3) as a PNG file in base64."""
    file = BytesIO()
    Image.fromarray(pixels.cpu().numpy()).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
