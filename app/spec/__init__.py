"""What a client may ask for, and every bound of it."""

from app.spec.augmentation import Augmentation
from app.spec.datasets import (
    GREY_28,
    MOST_SIDE,
    PICTURES,
    Colour,
    DatasetName,
    DatasetPin,
    ImageShape,
    ImageSize,
    OwnName,
    Pictures,
    PreprocessName,
    Shape,
    array_shape,
    sides_of,
    written_shape,
)
from app.spec.fitted import FittedArchitecture
from app.spec.optimizers import SGD, Adam, Muon, Optimizer, RMSProp
from app.spec.outliers import OutlierExposure
from app.spec.presets import PRESETS, Preset, PresetName
from app.spec.request import JobEdit, JobRequest
from app.spec.schedules import Constant, Cosine, LearningRateSchedule, OneCycle, Step
from app.spec.stopping import EarlyStopping, TargetMetric
from app.spec.training import LARGEST_SEED, TrainingSpec
from app.spec.validation import Fold
from app.strict import Strict

__all__ = [
    "GREY_28",
    "LARGEST_SEED",
    "MOST_SIDE",
    "PICTURES",
    "PRESETS",
    "SGD",
    "Adam",
    "Augmentation",
    "Colour",
    "Constant",
    "Cosine",
    "DatasetName",
    "DatasetPin",
    "EarlyStopping",
    "FittedArchitecture",
    "Fold",
    "ImageShape",
    "ImageSize",
    "JobEdit",
    "JobRequest",
    "LearningRateSchedule",
    "Muon",
    "OneCycle",
    "Optimizer",
    "OutlierExposure",
    "OwnName",
    "Pictures",
    "PreprocessName",
    "Preset",
    "PresetName",
    "RMSProp",
    "Shape",
    "Step",
    "Strict",
    "TargetMetric",
    "TrainingSpec",
    "array_shape",
    "sides_of",
    "written_shape",
]
