"""What must hold between the parts of a spec, each of which is fine by itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.architecture import Fault, missing_dropouts, refusals_by_hand
from app.spec.datasets import GREY_28

if TYPE_CHECKING:
    from app.spec.training import TrainingSpec

MOST_IMAGES_BY_HAND = 10_000


def faults_between(spec: "TrainingSpec") -> list[Fault]:
    """Return everything that does not go together."""
    dropouts = {
        "dropout_conv": spec.dropout_conv,
        "dropout_hidden": spec.dropout_hidden,
    }
    return [
        *missing_dropouts(spec.architecture, dropouts),
        *validation_faults(spec),
        *(batch_faults(spec) if spec.is_pinned else ()),
        *(outlier_faults(spec) if spec.is_pinned else ()),
        *(by_hand_faults(spec) if spec.engine == "numpy" else ()),
    ]


def validation_faults(spec: "TrainingSpec") -> Iterator[Fault]:
    if (spec.validation_size is None) == (spec.validation_fold is None):
        message = "Give one of validation_size and validation_fold."
        yield Fault(("validation_size",), "one_of_two", message, spec.validation_size)


def batch_faults(spec: "TrainingSpec") -> Iterator[Fault]:
    """Yield a fault if there are fewer images than asked for, or than a step needs."""
    total, held_out = spec.pictures.train_images, held_out_images(spec)
    left = total - held_out
    few = "batch_size" if spec.train_images is None else "train_images"
    asked = spec.train_images or left
    if asked > left or asked < spec.batch_size:
        message = (
            f"Of {total} training images {held_out} are held out for validation, "
            f"which leaves {left}; {asked} are to be learned from, in batches of "
            f"{spec.batch_size}."
        )
        yield Fault((few,), "too_few_images", message, getattr(spec, few))


def outlier_faults(spec: "TrainingSpec") -> Iterator[Fault]:
    """Yield a fault if outliers are asked for that nobody can draw."""
    if spec.outlier_exposure is not None and spec.pictures.shape != GREY_28:
        message = "Outliers are strokes and blots of 28x28 in grey; these pictures are "
        message += "of another shape."
        asked = spec.outlier_exposure.model_dump()
        yield Fault(("outlier_exposure",), "outliers_are_grey_28", message, asked)


def held_out_images(spec: "TrainingSpec") -> int:
    """Return how many images validate; of unequal folds the first are the larger."""
    if spec.validation_fold is None:
        return spec.validation_size or 0
    size, rest = divmod(spec.pictures.train_images, spec.validation_fold.folds)
    return size + (spec.validation_fold.fold <= rest)


def by_hand_faults(spec: "TrainingSpec") -> Iterator[Fault]:
    """Yield what the engine `numpy` cannot do, or not in reasonable time."""
    for fault in refusals_by_hand(spec.architecture):
        yield fault.below(("architecture",))
    if spec.label_smoothing > 0:
        message = "The engine `numpy` knows no label smoothing."
        yield Fault(("label_smoothing",), "not_by_hand", message, spec.label_smoothing)
    if spec.outlier_exposure is not None:
        message, exposure = (
            "The engine `numpy` knows no outliers.",
            spec.outlier_exposure,
        )
        yield Fault(
            ("outlier_exposure",), "not_by_hand", message, exposure.model_dump()
        )
    if spec.precision == "bf16":
        message = "The engine `numpy` computes in fp32 only."
        yield Fault(("precision",), "not_by_hand", message, spec.precision)
    if (spec.train_images or MOST_IMAGES_BY_HAND + 1) > MOST_IMAGES_BY_HAND:
        message = f"The engine `numpy` takes at most {MOST_IMAGES_BY_HAND} train_images"
        message += " since it is slow."
        yield Fault(("train_images",), "not_by_hand", message, spec.train_images)
