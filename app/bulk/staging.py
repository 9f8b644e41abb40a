"""Where zips wait: folders in the data directory, named by us and by nobody else."""

import shutil
import time
from pathlib import Path
from uuid import UUID

FOLDER = "bulk"
FILE = "0"  # the first file of a form is received under this name
# An upload that writes nothing for this long is over, whatever it was.
ABANDONED_SECONDS = 3600.0


def folder_of(data_dir: Path, bulk_id: UUID) -> Path:
    return data_dir / FOLDER / str(bulk_id)


def archive_path(data_dir: Path, bulk_id: UUID) -> Path:
    return folder_of(data_dir, bulk_id) / FILE


def clear(data_dir: Path, bulk_id: UUID) -> None:
    shutil.rmtree(folder_of(data_dir, bulk_id), ignore_errors=True)


def clear_abandoned(data_dir: Path, known: set[UUID]) -> None:
    """Delete what no bulk prediction waits for any more."""
    moment, names = time.time(), {str(bulk_id) for bulk_id in known}
    for folder in sorted((data_dir / FOLDER).glob("*")):
        if folder.name not in names and moment - touched_at(folder) > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def touched_at(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
