"""The life of a version: begun, then ready or failed, by one conditional UPDATE."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from app.dataset_report import DatasetReport
from app.datasets.content import Content
from app.library.content import chunks_of, digest_of
from app.library.leases import held_by
from app.models import Dataset, DatasetChunk, DatasetContent, DatasetSheet
from app.spec import Colour, OwnName, PreprocessName
from app.states import DatasetStatus
from app.tickets import Ticket, keep_ticket, resource_of, void_ticket


@dataclass(frozen=True)
class Upload:
    """What came: files, by the names that the client gave them, and what they are."""

    id: UUID
    name: OwnName
    files: tuple[str, ...]
    preprocess: PreprocessName
    key_id: str | None = None
    size: str | None = None
    colour: Colour = "auto"


def new_version(
    session: Session, upload: Upload, ticket: Ticket | None = None
) -> Dataset:
    """Store the next version of a name, held by who stores it: attempt 1.

    Raises:
        IntegrityError: A request with the same ticket was faster.
    """
    while True:
        newest = select(func.max(Dataset.version)).where(
            col(Dataset.name) == upload.name
        )
        dataset = Dataset(
            id=upload.id,
            key_id=upload.key_id,
            name=upload.name,
            version=(session.exec(newest).one() or 0) + 1,
            files=[*upload.files],
            preprocess=upload.preprocess,
            size=upload.size,
            colour=upload.colour,
            attempt=1,
        )
        session.add(dataset)
        keep_ticket(session, ticket, upload.id)
        try:
            session.commit()
        except IntegrityError:  # somebody else took the number
            session.rollback()
            if resource_of(session, ticket) is not None:
                raise
        else:
            return dataset


def record_result(
    session: Session,
    held: tuple[UUID, int],
    report: DatasetReport,
    kept: tuple[Content, bytes] | None,
) -> bool:
    """Store what was found, and what is to be kept with its contact sheet.

    False if the validation belongs to somebody else by now; then nothing is stored.
    """
    if kept is None:
        return finish(session, held, {"status": DatasetStatus.FAILED, "report": report})
    content, sheet = kept
    # Compressed before a transaction begins: others wait for its end.
    digest, pieces = digest_of(content), list(chunks_of(content))
    values = {"status": DatasetStatus.READY, "report": report, "digest": digest}
    try:
        if session.get(DatasetContent, digest) is None:
            store_content(session, digest, content, pieces)
            session.add(DatasetSheet(digest=digest, data=sheet))
        return finish(session, held, values)
    except IntegrityError:  # the same content was stored at the same moment
        session.rollback()
        return finish(session, held, values)


def store_content(
    session: Session, digest: str, content: Content, pieces: list[bytes]
) -> None:
    channels, height, width = content.shape
    row = DatasetContent(
        digest=digest,
        channels=channels,
        height=height,
        width=width,
        class_names=[*content.class_names],
        train_images=len(content.train),
        test_images=len(content.test),
        stored_bytes=sum(map(len, pieces)),
    )
    session.add(row)
    session.flush()
    for number, data in enumerate(pieces):
        session.add(DatasetChunk(digest=digest, number=number, data=data))


def record_failure(session: Session, held: tuple[UUID, int], message: str) -> bool:
    values = {"status": DatasetStatus.FAILED, "error": message}
    return finish(session, held, values)


def finish(session: Session, held: tuple[UUID, int], values: dict[str, Any]) -> bool:
    moved = session.exec(update(Dataset).where(*held_by(*held)).values(**values))
    if moved.rowcount != 1:
        session.rollback()
        return False
    session.commit()
    return True


def forget_dataset(
    session: Session, held: tuple[UUID, int], ticket: Ticket | None = None
) -> None:
    """Remove a version whose upload was refused while its client still waits."""
    void_ticket(session, ticket)
    session.exec(delete(Dataset).where(*held_by(*held)))
    session.commit()
