"""Errors a caller can cause or must handle; app/api/errors.py alone maps them to HTTP.

ModelmillError
├── JobNotFound
├── WrongStatus
├── JobNotFinished
├── StorageFull
├── PreconditionFailed
├── UnknownCursor
├── CheckpointNotFound
├── CheckpointMismatch
├── PreprocessMismatch
├── LayerNotFound
├── NoCheckpointYet
├── CheckpointInUse
├── ModelNotFound
├── ModelExists
├── ModelInUse
├── VersionNotFound
├── AliasNotFound
├── AliasMoved
├── PredictorBusy
├── Busy
├── UnsupportedMediaType
├── ReportNotFound
├── ImageRefused
│   ├── EmptyImage
│   ├── NotAnImage
│   ├── CorruptImage
│   ├── ImageTooLarge
│   └── AnimatedImage
├── ImagesRefused
├── IdempotencyKeyReused
├── KeyAlreadyShown
├── KeyMissing
├── KeyRefused
├── KeyNotFound
├── ScopeMissing
├── TooManyConnections
├── QuotaExceeded
├── RateLimited
├── RateLimitsUnavailable
├── NotZip
├── BulkNotFound
├── BulkNotFinished
├── BulkBusy
├── DatasetUnavailable
├── DatasetNotFound
├── DatasetNotReady
├── DatasetInUse
├── DatasetReportNotFound
├── UploadRefused
│   └── ArchiveRefused
├── WebhookNotFound
├── WebhookRefused
├── WebhookDisabled
├── TooManyWebhooks
├── DeliveryNotFound
├── DatabaseRefused
├── DatabaseUnavailable
├── QueueUnavailable
└── ServiceRefused
"""

import re


class ModelmillError(Exception):
    """Base of every error that this service raises on purpose."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


def error_code(error: type[Exception]) -> str:
    """Name an error for programs: JobNotFound is job_not_found."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()


class JobNotFound(ModelmillError):
    """There is no job with this id."""


class WrongStatus(ModelmillError):
    """The job is in a status where this cannot be done."""


class JobNotFinished(ModelmillError):
    """The job has not ended yet."""


class StorageFull(ModelmillError):
    """There is no room for another job; delete jobs that are not needed."""


class PreconditionFailed(ModelmillError):
    """It was edited since it had the ETag of If-Match; look at it again."""


class UnknownCursor(ModelmillError):
    """There is no entry with the id given in 'after'."""


class CheckpointNotFound(ModelmillError):
    """There is no such checkpoint."""


class CheckpointMismatch(ModelmillError):
    """Job, epoch and checkpoint do not belong together; leave one of them out."""


class PreprocessMismatch(ModelmillError):
    """Pictures read in this way are of another shape than the checkpoint takes."""


class LayerNotFound(ModelmillError):
    """The network has no convolution of this name."""


class NoCheckpointYet(ModelmillError):
    """No job has succeeded yet; train one with POST /jobs first."""


class CheckpointInUse(ModelmillError):
    """A checkpoint of the job is still needed."""


class ModelNotFound(ModelmillError):
    """There is no such model."""


class ModelExists(ModelmillError):
    """There is a model of this name already."""


class ModelInUse(ModelmillError):
    """An alias names it; move or remove the alias first."""


class VersionNotFound(ModelmillError):
    """The model has no such version."""


class AliasNotFound(ModelmillError):
    """The model has no such alias."""


class AliasMoved(ModelmillError):
    """The alias points elsewhere than the request supposes."""


class PredictorBusy(ModelmillError):
    """More images wait for their turn than are taken on; try again in a moment."""


class Busy(ModelmillError):
    """Too many large uploads are worked on; try again in a moment."""


class UnsupportedMediaType(ModelmillError):
    """The body is of a type that is not read here; `Content-Type` names it."""


class ReportNotFound(ModelmillError):
    """The job has no evaluation report."""


class ImageRefused(ModelmillError):
    """The upload cannot be classified."""


class EmptyImage(ImageRefused):
    """The file is empty."""


class NotAnImage(ImageRefused):
    """The file is not a PNG, JPEG or WebP image."""


class CorruptImage(ImageRefused):
    """The file starts like an image but cannot be decoded."""


class ImageTooLarge(ImageRefused):
    """The image has more pixels than are accepted."""


class AnimatedImage(ImageRefused):
    """The image has more than one frame; send a single picture."""


class ImagesRefused(ModelmillError):
    """None of the uploaded files can be classified."""

    def __init__(self, refused: dict[int, tuple[str, ImageRefused]]) -> None:
        """Take the file name and reason of each refused upload, by its place."""
        names = ", ".join(name for name, _reason in refused.values())
        super().__init__(f"Cannot classify {names}.")
        self.refused = refused


class IdempotencyKeyReused(ModelmillError):
    """This Idempotency-Key was sent before with another request; choose a new one."""


class KeyAlreadyShown(ModelmillError):
    """This request has made a key already, and shown it; it is kept nowhere."""

    def __init__(self, key_id: str = "") -> None:
        made = f" Revoke {key_id} and make another if it is lost." if key_id else ""
        super().__init__(f"{type(self).__doc__}{made}")


class KeyMissing(ModelmillError):
    """Send a key as `Authorization: Bearer mm_…`."""


class KeyRefused(ModelmillError):
    """This key is unknown, was revoked, or has expired."""


class KeyNotFound(ModelmillError):
    """There is no key with this id."""


class ScopeMissing(ModelmillError):
    """This key may not do that."""


class TooManyConnections(ModelmillError):
    """The service has as many connections as it may; try again in a moment."""


class QuotaExceeded(ModelmillError):
    """This key has as much as it may have; delete something, or wait."""


class RateLimited(ModelmillError):
    """This key has asked too often; wait for as long as Retry-After says."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__()
        self.retry_after = retry_after


class RateLimitsUnavailable(ModelmillError):
    """Redis is away, and without it no request is let in here."""


class NotZip(ModelmillError):
    """Send a zip, as application/zip or as a file of a form."""


class BulkNotFound(ModelmillError):
    """There is no bulk prediction with this id."""


class BulkNotFinished(ModelmillError):
    """The bulk prediction has not ended yet; there is no result."""


class BulkBusy(ModelmillError):
    """Too many zips wait for their turn; try again when one of them is done."""


class DatasetUnavailable(ModelmillError):
    """The dataset is not in the data directory and no source gave it."""


class DatasetNotFound(ModelmillError):
    """There is no dataset with this id."""


class DatasetNotReady(ModelmillError):
    """The dataset is still validated, or cannot be learned from."""


class DatasetInUse(ModelmillError):
    """Jobs that have not ended use this dataset."""


class DatasetReportNotFound(ModelmillError):
    """Nothing was found out about this dataset, or not yet."""


class UploadRefused(ModelmillError):
    """The upload is not in any form that is read here."""


class ArchiveRefused(UploadRefused):
    """The archive holds what a folder of pictures does not."""

    def __init__(self, entry: str, reason: str) -> None:
        """Take the entry's name as it is written there, and what is wrong with it."""
        shown = entry.encode("ascii", "backslashreplace").decode()
        super().__init__(f"The archive's entry `{shown}` {reason}.")
        self.entry = shown


class WebhookNotFound(ModelmillError):
    """There is no webhook with this id."""


class WebhookRefused(ModelmillError):
    """Nothing can be sent to this address."""


class WebhookDisabled(ModelmillError):
    """The webhook is disabled; enable it first."""


class TooManyWebhooks(ModelmillError):
    """There are as many webhooks as can be told in time; delete one first."""


class DeliveryNotFound(ModelmillError):
    """The webhook has no delivery with this id."""


class DatabaseRefused(ModelmillError):
    """The database cannot be used as it is."""


class DatabaseUnavailable(ModelmillError):
    """The database cannot be used at the moment; nothing was changed."""


class QueueUnavailable(ModelmillError):
    """The broker did not take the message."""


class ServiceRefused(ModelmillError):
    """The service cannot start."""
