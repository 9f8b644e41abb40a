"""One bulk prediction from where it stands to its end, under a lease."""

from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from uuid import UUID

from sqlalchemy import Engine

from app.bulk.archive import archive_limits, files_of, opened
from app.bulk.reading import PartSeen, Source, read_ahead
from app.bulk.record import BulkClaim, Part, record_part, renew_bulk
from app.bulk.rows import packed, refused_row, row_of
from app.bulk.staging import archive_path
from app.database.engine import read_session, write_session
from app.jobs import read_weights
from app.models import BulkPrediction
from app.settings import Settings
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction, predictions
from app.vision.prepared import PreparedCheckpoint, prepare_checkpoint
from app.vision.reading import Mode, Reading


@dataclass(frozen=True)
class Desk:
    """What the work needs around it; `stop` ends it at the next picture."""

    engine: Engine
    settings: Settings
    stop: Event

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.settings.lease_seconds)


def work_on(desk: Desk, bulk: BulkPrediction) -> bool:
    """Classify what is left of a claimed zip; False if somebody else may go on.

    Raises:
        Stopped: The service ends.
        ModelmillError: It cannot be done: checkpoint or zip are not there any more.
    """
    claim = BulkClaim(bulk.id, bulk.attempt)
    settings, limits = desk.settings, archive_limits(desk.settings)
    with read_session(desk.engine) as session:
        weights = read_weights(session, UUID(bulk.checkpoint["id"]))
    checkpoint = prepare_checkpoint(weights)
    with opened(archive_path(settings.data_dir, bulk.id), limits) as archive:
        source = Source(
            archive,
            limits,
            settings.max_image_pixels,
            Mode(bulk.preprocess),
            checkpoint.card.input_shape,
        )
        entries = files_of(archive)
        for reading in read_ahead(source, entries, bulk.images_done, desk.stop):
            seen = wait_for(desk, claim, reading)
            if seen is None or not record(desk, claim, checkpoint, seen):
                return False
    return True


def wait_for(
    desk: Desk, claim: BulkClaim, reading: Future[PartSeen]
) -> PartSeen | None:
    """Renew the lease while large pictures are read; None if it is lost."""
    while True:
        try:
            return reading.result(desk.settings.heartbeat_seconds)
        except NotYet:
            with write_session(desk.engine) as session:
                if not renew_bulk(session, claim, desk.lease):
                    return None


def record(
    desk: Desk, claim: BulkClaim, checkpoint: PreparedCheckpoint, part: PartSeen
) -> bool:
    """Classify a part and store what came of it."""
    views = [seen.pixels for seen in part.seen if isinstance(seen, Reading)]
    found = iter(classify(checkpoint, views, desk.settings.predictor_batch))
    rows = [
        row_of(name, seen, next(found))
        if isinstance(seen, Reading)
        else refused_row(name, seen)
        for name, seen in zip(part.names, part.seen, strict=True)
    ]
    refused = len(part.seen) - len(views)
    done = Part(part.first, len(part.seen), refused, packed(rows))
    with write_session(desk.engine) as session:
        return record_part(session, claim, done, desk.lease)


def classify(
    checkpoint: PreparedCheckpoint, views: Sequence[Pixels], largest_batch: int
) -> list[Prediction]:
    """In the batches of /predict, so that none of its requests waits for long."""
    return [
        prediction
        for start in range(0, len(views), largest_batch)
        for prediction in predictions(
            checkpoint.card, checkpoint.rows(views[start : start + largest_batch])
        )
    ]
