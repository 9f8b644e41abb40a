"""The thread that validates large uploads bears whatever comes of them."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import Engine

from app import library
from app.database.engine import read_session, write_session
from app.intake import Validator
from app.intake.validator import FAULT, LOST_TOO_OFTEN, STALE_SECONDS
from app.library import Upload
from app.models import Dataset
from app.settings import Settings
from app.states import DatasetStatus
from tests.factories import encoded
from tests.live.service import wait_until


@pytest.fixture
def validator(engine: Engine, settings: Settings) -> Validator:
    return Validator(engine, settings)


@pytest.fixture
def impatient(engine: Engine, settings: Settings) -> Validator:
    """Give one for whom every look at a lease is ages after the one before."""
    moments = iter(range(0, 10**9, 10**6))
    return Validator(engine, settings, clock=lambda: float(next(moments)))


def pictures() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(12):
            data = encoded(Image.new("L", (28, 28), number))
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", data)
    return file.getvalue()


Stage = Callable[..., tuple[UUID, int]]


@pytest.fixture
def stage(engine: Engine, validator: Validator) -> Stage:
    """Give what stores an upload, as the api has received it."""

    def stage(data: bytes, preprocess: str = "plain") -> tuple[UUID, int]:
        upload = Upload(uuid4(), "shapes", ("a.zip",), "plain")
        with write_session(engine) as session:
            dataset = library.new_version(session, upload)
            dataset.preprocess = preprocess
            session.add(dataset)
            session.commit()
        folder = validator.folder_of(dataset.id)
        folder.mkdir(parents=True)
        (folder / "0").write_bytes(data)
        return dataset.id, dataset.attempt

    return stage


def look(engine: Engine, held: tuple[UUID, int]) -> Dataset:
    with read_session(engine) as session:
        return library.get_dataset(session, held[0])


def test_the_thread_validates_what_it_is_handed(
    engine: Engine, validator: Validator, stage: Stage
) -> None:
    held = stage(pictures())

    with validator.running():
        validator.hand_over(held)
        wait_until(
            lambda: look(engine, held).status is not DatasetStatus.VALIDATING,
            lambda: str(look(engine, held)),
        )

    assert look(engine, held).status is DatasetStatus.READY
    assert not validator.folder_of(held[0]).exists()


def test_a_refused_archive_is_a_failed_version(
    engine: Engine, validator: Validator, stage: Stage
) -> None:
    held = stage(b"PK\x03\x04 and nothing else")

    validator.hand_over(held)
    validator.run_once()

    dataset = look(engine, held)
    assert dataset.status is DatasetStatus.FAILED
    assert "cannot be read" in (dataset.error or "")
    assert not validator.folder_of(held[0]).exists()


def test_a_fault_of_ours_is_told_without_its_details(
    engine: Engine, validator: Validator, stage: Stage
) -> None:
    held = stage(pictures(), preprocess="unheard of")

    validator.hand_over(held)
    validator.run_once()

    assert look(engine, held).error == FAULT


def test_what_somebody_else_validates_is_left_to_him(
    engine: Engine, validator: Validator, stage: Stage
) -> None:
    dataset_id, attempt = stage(pictures())
    with write_session(engine) as session:
        [seen] = library.list_validating(session)
        library.claim_dataset(session, seen)

    validator.hand_over((dataset_id, attempt))
    validator.run_once()

    assert look(engine, (dataset_id, attempt)).status is DatasetStatus.VALIDATING
    assert validator.folder_of(dataset_id).exists()


def test_an_upload_that_kills_its_validators_is_given_up(
    engine: Engine, impatient: Validator, settings: Settings, stage: Stage
) -> None:
    held = stage(pictures())
    with write_session(engine) as session:
        row = library.get_dataset(session, held[0])
        row.attempt = settings.max_attempts
        session.add(row)
        session.commit()

    impatient.run_once()
    impatient.run_once()

    assert look(engine, held).error == LOST_TOO_OFTEN


def test_what_nobody_stored_a_row_for_is_swept_away_in_time(
    settings: Settings, validator: Validator, stage: Stage
) -> None:
    old, new = (settings.staging_dir / name for name in ("old", "new"))
    held = stage(pictures())
    for folder in (old, new, validator.folder_of(held[0])):
        folder.mkdir(exist_ok=True)
    for folder in (old, validator.folder_of(held[0])):
        age(folder)

    with validator.running():
        wait_until(lambda: not old.exists(), lambda: "it is still there")

    left = {path.name for path in settings.staging_dir.iterdir()}
    assert left == {"new", str(held[0])}


def age(folder: Path) -> None:
    long_ago = folder.stat().st_mtime - STALE_SECONDS - 60
    os.utime(folder, (long_ago, long_ago))
