"""Validates uploads in the api process, and takes over what another one left."""

import logging
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from uuid import UUID

from sqlalchemy import Engine

from app import library
from app.archives import Limits
from app.background import in_background
from app.database.engine import read_session, write_session
from app.errors import UploadRefused
from app.intake.assemble import assemble
from app.intake.findings import report_on
from app.intake.gather import gather
from app.intake.gathered import Gathered
from app.intake.shape import Wish
from app.intake.sheet import contact_sheet
from app.lease_watch import LeaseWatch
from app.library import Held
from app.models import Dataset
from app.settings import Settings
from app.spec import sides_of
from app.vision.reading import Mode

logger = logging.getLogger(__name__)

STALE_SECONDS = 86_400.0  # of a staging folder that belongs to no validation
LOST_TOO_OFTEN = "Its validation died several times; the file may be too large here."
FAULT = "This is a fault of the service; its log has the details."


class ValidationLost(Exception):
    """Another process validates this upload by now."""


class Validator:
    """The way of an upload from its files to a dataset, and the thread for large ones.

    Where it stands is in the database alone, so any process can go on.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._leases: LeaseWatch[Held] = LeaseWatch(settings.lease_seconds, clock)
        self._waiting: SimpleQueue[tuple[UUID, int]] = SimpleQueue()

    def folder_of(self, dataset_id: UUID) -> Path:
        return self._settings.staging_dir / str(dataset_id)

    def hand_over(self, held: tuple[UUID, int]) -> None:
        """Let the thread validate it; whoever asked does not wait."""
        self._waiting.put(held)

    def validate(self, held: tuple[UUID, int]) -> None:
        """Read, measure and store one upload, then remove its files.

        Raises:
            UploadRefused: It is no dataset; its row is left to the caller.
            ValidationLost: It belongs to another process; so do the files.
        """
        pulse = self._pulse_of(held)
        with read_session(self._engine) as session:
            dataset = library.get_dataset(session, held[0])
        gathered = self._gather(dataset, pulse)
        assembled = assemble(gathered)
        report = report_on(gathered, assembled)
        content = assembled.content
        kept = None if report.fatal else (content, contact_sheet(content))
        pulse()
        with write_session(self._engine) as session:
            if not library.record_result(session, held, report, kept):
                raise ValidationLost
        self.clear(held[0])
        logger.info("dataset %s@%d: validated", dataset.name, dataset.version)

    def clear(self, dataset_id: UUID) -> None:
        shutil.rmtree(self.folder_of(dataset_id), ignore_errors=True)

    def run_once(self) -> None:
        """Validate what was handed over, then what others have abandoned."""
        while True:
            try:
                held = self._waiting.get_nowait()
            except Empty:
                break
            self._validate_or_fail(held)
        with read_session(self._engine) as session:
            validating = library.list_validating(session)
        for seen in self._leases.unrenewed(validating):
            with write_session(self._engine) as session:
                attempt = library.claim_dataset(session, seen)
            if attempt is not None:
                self._go_on((seen.dataset_id, attempt))

    def running(self) -> AbstractContextManager[None]:
        """Run in a thread of its own for as long as the block lasts."""
        stop, patience = Event(), self._settings.stop_seconds
        return in_background("validator", partial(self._run, stop), stop.set, patience)

    def _run(self, stop: Event) -> None:
        while not stop.wait(min(1.0, self._settings.reconcile_seconds)):
            try:
                self.run_once()
                self._sweep()
            except Exception:  # whatever it was, the next pass must come
                logger.exception("a pass of the validator failed")

    def _go_on(self, held: tuple[UUID, int]) -> None:
        if held[1] > self._settings.max_attempts:
            self._fail(held, LOST_TOO_OFTEN)
        else:
            logger.warning("dataset %s: going on with its validation", held[0])
            self._validate_or_fail(held)

    def _validate_or_fail(self, held: tuple[UUID, int]) -> None:
        try:
            self.validate(held)
        except ValidationLost:
            logger.info("dataset %s is validated elsewhere", held[0])
        except UploadRefused as error:
            self._fail(held, str(error))
        except Exception:
            logger.exception("the validation of dataset %s failed", held[0])
            self._fail(held, FAULT)

    def _fail(self, held: tuple[UUID, int], message: str) -> None:
        with write_session(self._engine) as session:
            if library.record_failure(session, held, message):
                self.clear(held[0])

    def _gather(self, dataset: Dataset, pulse: Callable[[], None]) -> Gathered:
        folder, settings = self.folder_of(dataset.id), self._settings
        staged = [(name, folder / str(n)) for n, name in enumerate(dataset.files)]
        if not all(path.is_file() for _name, path in staged):
            raise UploadRefused("Its files are not on this machine any more.")
        wish = Wish(
            Mode(dataset.preprocess),
            None if dataset.size is None else sides_of(dataset.size),
            dataset.colour,
            settings.max_dataset_side,
        )
        gathered = Gathered(
            wish, settings.max_dataset_images, settings.max_dataset_pixel_bytes, pulse
        )
        limits = Limits(
            entries=settings.max_archive_entries,
            entry_bytes=settings.max_archive_entry_bytes,
            total_bytes=settings.max_archive_bytes,
            ratio=settings.max_archive_ratio,
        )
        gather(gathered, staged, limits, settings.max_image_pixels)
        return gathered

    def _pulse_of(self, held: tuple[UUID, int]) -> Callable[[], None]:
        """Return what to call often: it renews the lease now and then."""
        due = self._clock()

        def pulse() -> None:
            nonlocal due
            if self._clock() < due:
                return
            with write_session(self._engine) as session:
                if not library.renew_dataset(session, *held):
                    raise ValidationLost
            due = self._clock() + self._settings.heartbeat_seconds

        pulse()
        return pulse

    def _sweep(self) -> None:
        """Remove what a killed process received and never stored a row for."""
        with read_session(self._engine) as session:
            validating = {
                str(one.dataset_id) for one in library.list_validating(session)
            }
        folder = self._settings.staging_dir
        for left in folder.iterdir() if folder.is_dir() else ():
            age = time.time() - left.stat().st_mtime
            if left.name not in validating and age > STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
