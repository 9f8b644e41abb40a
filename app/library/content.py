"""A dataset's images and labels: arrays, their digest, and the pieces that are stored.

In a row: training images, training labels, test images, test labels, as plain bytes.
"""

import hashlib
import json
import math
import zlib
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
from sqlmodel import Session, col, select

from app.datasets.content import Content, Split
from app.errors import DatasetReportNotFound, DatasetUnavailable
from app.models import DatasetChunk, DatasetContent, DatasetSheet
from app.spec import GREY_28, array_shape

CHUNK_BYTES = 4 * 2**20
LABEL = np.dtype("<u2")
DIGEST_VERSION = "modelmill-dataset-1"


def digest_of(content: Content) -> str:
    """Return the SHA-256 of what training sees: names, counts, images, labels.

    And the shape, unless it is the one that all had when there was no other.
    """
    counts = [len(content.train), len(content.test)]
    shape = [] if content.shape == GREY_28 else [[*content.shape]]
    head = json.dumps([DIGEST_VERSION, [*content.class_names], counts, *shape])
    found = hashlib.sha256(head.encode())
    for part in parts_of(content):
        found.update(part)
    return found.hexdigest()


def parts_of(content: Content) -> Iterator[memoryview]:
    for split in (content.train, content.test):
        if len(split):  # an empty view cannot be cast
            yield np.ascontiguousarray(split.images).reshape(-1).data
            yield split.labels.astype(LABEL).view(np.uint8).data


def chunks_of(content: Content) -> Iterator[bytes]:
    """Yield compressed pieces that `read_content` puts together again."""
    for part in parts_of(content):
        for start in range(0, len(part), CHUNK_BYTES):
            yield zlib.compress(part[start : start + CHUNK_BYTES])


def read_content(session: Session, digest: str) -> Content:
    """Read a dataset from the database, and hold it against its digest.

    Raises:
        DatasetUnavailable: It is not there, or is damaged.
    """
    row = session.get(DatasetContent, digest)
    if row is None:
        raise DatasetUnavailable(f"The dataset with digest {digest} was deleted.")
    pieces = select(DatasetChunk.data).where(col(DatasetChunk.digest) == digest)
    raw = bytearray()
    with suppress(zlib.error):  # what is missing then does not pass below
        for piece in session.exec(pieces.order_by(col(DatasetChunk.number))):
            raw += zlib.decompress(piece)
    content = content_from(raw, row)
    if content is None or digest_of(content) != digest:
        raise DatasetUnavailable(f"The dataset with digest {digest} is damaged.")
    return content


def content_from(raw: bytearray, row: DatasetContent) -> Content | None:
    """Cut the bytes as the row says; None if they are not as many."""
    shape = array_shape(row.shape)
    image_bytes = math.prod(shape)
    each = image_bytes + LABEL.itemsize
    if len(raw) != (row.train_images + row.test_images) * each:
        return None
    splits, start = [], 0
    for count in (row.train_images, row.test_images):
        images = np.frombuffer(raw, np.uint8, count * image_bytes, start)
        start += images.nbytes
        labels = np.frombuffer(raw, LABEL, count, start)
        start += labels.nbytes
        splits.append(Split(images.reshape(-1, *shape), labels))
    return Content(tuple(row.class_names), *splits)


def read_contact_sheet(session: Session, digest: str | None) -> bytes:
    """Return the picture of some images of each class, as a PNG."""
    sheet = None if digest is None else session.get(DatasetSheet, digest)
    if sheet is None:
        raise DatasetReportNotFound("There is no contact sheet of this dataset.")
    return sheet.data
