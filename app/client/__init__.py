"""A client of the service's API: `from app.client import Client`; knows only HTTP."""

from app.client.answers import Checkpoint, EpochMetrics, Event, Job, LogLine, Report
from app.client.client import Client
from app.client.errors import (
    ClientError,
    Conflict,
    Invalid,
    Json,
    NoCheckpoint,
    NotAuthorized,
    NotFound,
    NotModelmill,
    Problem,
    Refused,
    StillRunning,
    TornDownload,
    Unreachable,
    UnusableFile,
    Violation,
)
from app.client.predictions import Digits, Prediction, Predictions, RefusedPicture
from app.client.retries import Retries

__all__ = [
    "Checkpoint",
    "Client",
    "ClientError",
    "Conflict",
    "Digits",
    "EpochMetrics",
    "Event",
    "Invalid",
    "Job",
    "Json",
    "LogLine",
    "NoCheckpoint",
    "NotAuthorized",
    "NotFound",
    "NotModelmill",
    "Prediction",
    "Predictions",
    "Problem",
    "Refused",
    "RefusedPicture",
    "Report",
    "Retries",
    "StillRunning",
    "TornDownload",
    "Unreachable",
    "UnusableFile",
    "Violation",
]
