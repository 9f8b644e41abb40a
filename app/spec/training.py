"""What a client may ask of one training, and every bound of it."""

import secrets
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.architecture import (
    Architecture,
    ArchitectureChoice,
    Trace,
    named_architecture,
    refusal,
    trace,
)
from app.spec.augmentation import Augmentation
from app.spec.datasets import (
    DatasetPin,
    DatasetReference,
    Pictures,
    pictures_of,
)
from app.spec.fitted import fit
from app.spec.optimizers import Optimizer, RMSProp
from app.spec.outliers import OutlierExposure
from app.spec.presets import PresetName, start_from_preset
from app.spec.rules import faults_between
from app.spec.schedules import Constant, LearningRateSchedule
from app.spec.stopping import EarlyStopping, TargetMetric
from app.spec.validation import DEFAULT_VALIDATION_SIZE, Fold
from app.strict import EveryNth, Fraction, Strict

LARGEST_SEED = 2**53 - 1  # the largest integer that JSON readers agree on


def tutorial() -> Architecture:
    return named_architecture("tutorial")


class TrainingSpec(Strict):
    """The hyperparameters of one training job; every default is the tutorial's."""

    preset: PresetName = Field(
        default="tutorial", description="Where the values come from that are not given."
    )
    dataset: DatasetReference = "mnist"
    dataset_pin: DatasetPin | None = Field(
        default=None,
        description="Filled in by the service for a dataset of your own: which version "
        "and content the job learns from. What a request says here is not used.",
    )
    engine: Literal["torch", "numpy"] = Field(
        default="torch",
        description="Who computes the gradients; `numpy` is the tutorial's arithmetic "
        "written out, slow and readable.",
    )
    train_images: int | None = Field(
        default=None,
        ge=1,
        le=10_000_000,
        description="Learn from this many training images only; null: from all.",
    )
    epochs: int = Field(
        default=10, ge=1, le=1000, description="Passes over the training images."
    )
    batch_size: int = Field(
        default=128, ge=1, le=4096, description="Images per optimizer step."
    )
    learning_rate: float = Field(
        default=0.001, gt=0, le=10, description="Size of an optimizer step."
    )
    schedule: LearningRateSchedule = Field(
        default_factory=Constant,
        description="How the learning rate changes; `constant` if absent.",
    )
    optimizer: Optimizer = Field(
        default_factory=RMSProp,
        description="How gradients become steps; `rmsprop` if absent.",
    )
    max_gradient_norm: float | None = Field(
        default=None,
        gt=0,
        le=1000,
        description="Gradients longer than this are cut to it; null: never.",
    )
    label_smoothing: Fraction = Field(
        default=0.0,
        description="Share of the target that is spread over all classes.",
    )
    ema_decay: Fraction | None = Field(
        default=None,
        description="Keep, validate and save a moving average of the weights with this "
        "decay a step; null: the weights themselves.",
    )
    dropout_conv: Fraction | None = Field(
        default=None,
        description="Replaces the probability of every dropout before the flatten.",
    )
    dropout_hidden: Fraction | None = Field(
        default=None,
        description="Replaces the probability of every dropout after the flatten.",
    )
    architecture: ArchitectureChoice = Field(
        default_factory=tutorial,
        validate_default=True,
        description="The network: a name, or layer by layer; `tutorial` if absent.",
    )
    augmentation: Augmentation | None = Field(
        default=None, description="Random changes of the training images; null: none."
    )
    outlier_exposure: OutlierExposure | None = Field(
        default=None,
        description="Learn to doubt from synthetic pictures of nothing; null: do not.",
    )
    shuffle: bool = Field(
        default=False,
        description="A new order each epoch; false: file order, as in the tutorial.",
    )
    validation_size: int | None = Field(
        default=DEFAULT_VALIDATION_SIZE,
        ge=1,
        le=50_000,
        description="Training images held out to choose the best epoch; null with "
        "`validation_fold`.",
    )
    validation_fold: Fold | None = Field(
        default=None, description="Hold out one of several equal folds instead."
    )
    choose_epoch: Literal["best_validation", "last"] = Field(
        default="best_validation",
        description="Whose checkpoint is the result: the epoch with the highest "
        "validation accuracy, or the last, for a schedule that ends at almost nothing.",
    )
    early_stopping: EarlyStopping | None = Field(
        default=None, description="End when nothing gets better; null: never."
    )
    target_metric: TargetMetric | None = Field(
        default=None, description="End when this is reached; null: never."
    )
    max_run_seconds: float | None = Field(
        default=None,
        gt=0,
        le=2_592_000,
        description="End, with the best checkpoint, after training for this long.",
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        default="auto",
        description="Of the arithmetic; auto: bf16 where the device is made for it. "
        "Weights are fp32 always.",
    )
    test_time_augmentation: bool = Field(
        default=False,
        description="Measure on the mean over nine shifts of each test image, and of "
        "its mirror image if training mirrors.",
    )
    seed: int = Field(
        default_factory=lambda: secrets.randbelow(LARGEST_SEED),
        ge=0,
        le=LARGEST_SEED,
        description="Of weights, split, order and dropout; drawn and shown if absent.",
    )
    checkpoints: Literal["every", "best_and_last"] | EveryNth = Field(
        default="every",
        description="Which epochs' checkpoints are kept; a number n keeps every n-th, "
        "and always the best and the last.",
    )
    checkpoint_interval_seconds: float | None = Field(
        default=None,
        gt=0,
        le=86_400,
        description="Save the training state within an epoch this often; null: at its "
        "end, and whenever the job is paused or its worker stops.",
    )

    @model_validator(mode="before")
    @classmethod
    def _start_from_preset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        values = start_from_preset(data)
        if values.get("validation_fold") is not None:
            values.setdefault("validation_size", None)
        return values

    @field_validator("architecture")
    @classmethod
    def _fit_architecture(
        cls, architecture: Architecture, info: ValidationInfo
    ) -> Architecture:
        given = info.data
        dropouts = given.get("dropout_conv"), given.get("dropout_hidden")
        pictures = pictures_of(given.get("dataset"), given.get("dataset_pin"))
        return fit(architecture.with_dropout(*dropouts), pictures)

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if faults := faults_between(self):
            raise refusal(faults)
        return self

    @property
    def network(self) -> Trace:
        """The way of a picture through the layers."""
        return trace(self.architecture.layers, self.pictures.shape)

    @property
    def is_pinned(self) -> bool:
        """Whether it is known what the dataset shows; app.jobs looks that up."""
        return pictures_of(self.dataset, self.dataset_pin) is not None

    @property
    def pictures(self) -> Pictures:
        """What the dataset shows."""
        found = pictures_of(self.dataset, self.dataset_pin)
        assert found is not None
        return found

    @property
    def used_pin(self) -> DatasetPin | None:
        """The pin, if the dataset is the one that it is of."""
        pin = self.dataset_pin
        return pin if pin is not None and pin.reference == self.dataset else None
