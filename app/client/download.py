"""A file from the service: whole and as announced under its name, or not there."""

import hashlib
from pathlib import Path
from uuid import uuid4

from app.client.answers import Checkpoint
from app.client.connection import Connection
from app.client.errors import NoCheckpoint, TornDownload, UnusableFile
from app.client.pictures import Epoch


def choose(found: list[Checkpoint], best: int | None, epoch: Epoch) -> Checkpoint:
    """Return the checkpoint of an epoch, of the best one or of the last there is."""
    last = found[-1].epoch if found else None
    wanted = {"best": best, "last": last}.get(str(epoch), epoch)
    for checkpoint in found:
        if checkpoint.epoch == wanted:
            return checkpoint
    there = ", ".join(str(checkpoint.epoch) for checkpoint in found) or "none"
    raise NoCheckpoint(
        f"The job has no checkpoint of epoch {epoch}; there are: {there}."
    )


def target_of(checkpoint: Checkpoint, to: Path) -> Path:
    name = f"modelmill-{checkpoint.job_id}-epoch-{checkpoint.epoch}.safetensors"
    return to / name if to.is_dir() else to


def pull(connection: Connection, checkpoint: Checkpoint, target: Path) -> None:
    """Write a checkpoint's file beside its name, look at it, and rename it."""
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        connection.persist(lambda: fetch(connection, checkpoint, part))
        part.replace(target)
    except OSError as error:
        raise UnusableFile(f"Cannot write {target}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def fetch(connection: Connection, checkpoint: Checkpoint, part: Path) -> None:
    digest = hashlib.sha256()
    path = f"/jobs/{checkpoint.job_id}/checkpoints/{checkpoint.epoch}/download"
    with part.open("wb") as file, connection.open("GET", path) as response:
        for chunk in response.iter_bytes():
            digest.update(chunk)
            file.write(chunk)
    size = part.stat().st_size
    if size != checkpoint.size_bytes:
        raise TornDownload(
            f"{size} of {checkpoint.size_bytes} bytes of the checkpoint came."
        )
    if digest.hexdigest() != checkpoint.sha256:
        raise TornDownload("The checkpoint came damaged: its SHA-256 is another.")
