"""What a job learns from, looked up and written into its request."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app import library
from app.architecture import Fault, refusal
from app.errors import DatasetNotFound, DatasetNotReady
from app.spec import GREY_28, PICTURES, PRESETS, JobRequest, TrainingSpec

LARGEST_VALIDATION_SHARE = 5  # one image in five


def pin_dataset(
    session: Session, request: JobRequest
) -> tuple[JobRequest, UUID | None]:
    """Return the request with the version and content of an uploaded dataset.

    A `validation_size` that is the preset's own is at most a fifth of the images, and a
    network that is the preset's own fits other sizes than 28x28.

    Raises:
        ValidationError: There is no such dataset, it is not ready, or what is asked
            does not fit it.
    """
    if request.dataset in PICTURES:
        return request.model_copy(update={"dataset_pin": None}), None
    try:
        found = library.look_up(session, request.dataset)
    except (DatasetNotFound, DatasetNotReady) as error:
        is_unknown = isinstance(error, DatasetNotFound)
        code = "unknown_dataset" if is_unknown else "dataset_not_ready"
        fault = Fault(("dataset",), code, str(error), request.dataset)
        raise refusal([fault]) from error
    values: dict[str, Any] = {}
    usual = usual_validation_size(request)
    if usual is not None and request.validation_size == usual:
        largest = max(1, found.pin.train_images // LARGEST_VALIDATION_SHARE)
        values["validation_size"] = min(usual, largest)
    if found.pin.shape[1:] != GREY_28[1:] and "architecture" not in request.given:
        values |= PRESETS[request.preset].values_for_other_sizes
    pinned = {"dataset": found.pin.reference, "dataset_pin": found.pin.model_dump()}
    return request.changed(**values, **pinned), found.dataset_id


def usual_validation_size(request: JobRequest) -> int | None:
    """Return what the preset sets, which was made for 60,000 images."""
    default = TrainingSpec.model_fields["validation_size"].default
    size: int | None = PRESETS[request.preset].values.get("validation_size", default)
    return size
