"""What a client may ask for, and every bound of it."""

from app.spec.augmentation import Augmentation
from app.spec.datasets import (
    PICTURES,
    UPLOADED_SHAPE,
    DatasetName,
    DatasetPin,
    OwnName,
    Pictures,
    PreprocessName,
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
    "LARGEST_SEED",
    "PICTURES",
    "PRESETS",
    "SGD",
    "UPLOADED_SHAPE",
    "Adam",
    "Augmentation",
    "Constant",
    "Cosine",
    "DatasetName",
    "DatasetPin",
    "EarlyStopping",
    "FittedArchitecture",
    "Fold",
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
    "Step",
    "Strict",
    "TargetMetric",
    "TrainingSpec",
]
