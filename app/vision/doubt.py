"""Why a label may say little: by the picture, or else by the network's own score."""

from app.vision.gates import Reason
from app.vision.prediction import Prediction
from app.vision.reading import Reading


def doubt(reading: Reading, prediction: Prediction) -> Reason | None:
    """Return why it is not known: by the picture, or else by the score."""
    if reading.reason is not None or prediction.is_familiar:
        return reading.reason
    return Reason.UNFAMILIAR
