"""What was stored comes back as it was, or not at all."""

from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app import library
from app.errors import DatasetReportNotFound, DatasetUnavailable
from app.library import Content, Split, digest_of, read_content
from app.library.content import CHUNK_BYTES, chunks_of
from app.models import DatasetChunk, DatasetContent
from tests.library.conftest import SHEET, a_report, begin, content_of

DIGEST_OF_OLD = "b292125530e4a689cd9c22a140deaac542d789e34db3c22e86693f033daa0491"


def digest(session: Session) -> str:
    return session.exec(select(DatasetContent.digest)).one()


@pytest.mark.usefixtures("dataset_id")
def test_a_dataset_comes_back_bit_for_bit(session: Session) -> None:
    content = read_content(session, digest(session))

    before = content_of()
    assert content.class_names == before.class_names
    for now, then in ((content.train, before.train), (content.test, before.test)):
        assert (now.images == then.images).all()
        assert (now.labels == then.labels).all()


def test_a_digest_is_of_all_that_training_sees() -> None:
    content = content_of()
    images = content.train.images.copy()
    images[0, 0, 0] += 1
    changed = [
        Content(("x", *content.class_names[1:]), content.train, content.test),
        Content(content.class_names, content.test, content.train),
        Content(content.class_names, Split(images, content.train.labels), content.test),
        Content(
            content.class_names,
            Split(content.train.images, content.train.labels[::-1].copy()),
            content.test,
        ),
    ]

    assert len({digest_of(one) for one in (content, *changed)}) == 5


def test_a_digest_of_28x28_in_grey_is_what_it_was_before_there_were_others() -> None:
    assert digest_of(content_of()) == DIGEST_OF_OLD


def in_shape(shape: tuple[int, ...]) -> Content:
    pixels = np.arange(8 * 2352, dtype=np.uint32).astype(np.uint8)
    labels = np.arange(8, dtype=np.uint16) % 2
    images = pixels.reshape(8, *shape)
    return Content(
        ("a", "b"), Split(images[:6], labels[:6]), Split(images[6:], labels[6:])
    )


@pytest.mark.parametrize("shape", [(28, 28, 3), (56, 42), (1, 784, 3)])
def test_a_dataset_of_any_shape_comes_back_in_it(
    session: Session, shape: tuple[int, ...]
) -> None:
    content = in_shape(shape)
    held = begin(session)

    library.record_result(session, held, a_report(), (content, SHEET))

    back = read_content(session, digest_of(content))
    assert back.shape == content.shape
    assert (back.train.images == content.train.images).all()
    assert (back.test.images == content.test.images).all()


def test_the_same_bytes_in_another_shape_are_another_dataset() -> None:
    shapes = [(28, 28, 3), (56, 42), (42, 56), (2352, 1)]

    assert len({digest_of(in_shape(shape)) for shape in shapes}) == len(shapes)


def test_a_dataset_without_test_images_has_a_digest_and_pieces() -> None:
    content = content_of(train=4, test=0)

    assert len(digest_of(content)) == 64
    assert len(list(chunks_of(content))) == 2


def test_pieces_are_of_a_size_that_a_row_can_carry() -> None:
    images = np.zeros((2 * CHUNK_BYTES // 784, 28, 28), np.uint8)
    labels = np.zeros(len(images), np.uint16)
    content = Content(("a", "b"), Split(images, labels), content_of(0, 0).test)

    assert len(list(chunks_of(content))) == 3


@pytest.mark.usefixtures("dataset_id")
def test_a_dataset_with_a_changed_piece_is_not_learned_from(session: Session) -> None:
    name = digest(session)
    [first, *_rest] = chunks_of(content_of(train=7, test=5))
    session.exec(
        update(DatasetChunk).where(col(DatasetChunk.number) == 0).values(data=first)
    )

    with pytest.raises(DatasetUnavailable, match="damaged"):
        read_content(session, name)


@pytest.mark.usefixtures("dataset_id")
def test_a_dataset_with_the_right_size_and_another_image_is_damaged(
    session: Session,
) -> None:
    content = content_of()
    other = Split(255 - content.train.images, content.train.labels)
    [first, *_rest] = chunks_of(Content(content.class_names, other, content.test))
    session.exec(
        update(DatasetChunk).where(col(DatasetChunk.number) == 0).values(data=first)
    )

    with pytest.raises(DatasetUnavailable, match="damaged"):
        read_content(session, digest(session))


@pytest.mark.usefixtures("dataset_id")
def test_a_dataset_with_a_piece_of_rubbish_is_damaged(session: Session) -> None:
    last = col(DatasetChunk.number) == 3
    session.exec(update(DatasetChunk).where(last).values(data=b"rubbish"))

    with pytest.raises(DatasetUnavailable, match="damaged"):
        read_content(session, digest(session))


@pytest.mark.usefixtures("dataset_id")
def test_a_dataset_that_lacks_a_piece_is_not_learned_from(session: Session) -> None:
    session.exec(delete(DatasetChunk).where(col(DatasetChunk.number) == 1))

    with pytest.raises(DatasetUnavailable, match="damaged"):
        read_content(session, digest(session))


def test_a_dataset_that_is_gone_is_told(session: Session) -> None:
    with pytest.raises(DatasetUnavailable, match="was deleted"):
        read_content(session, "0" * 64)


def test_the_sheet_goes_with_the_content(session: Session, dataset_id: UUID) -> None:
    dataset = library.get_dataset(session, dataset_id)

    assert library.read_contact_sheet(session, dataset.digest) == SHEET
    with pytest.raises(DatasetReportNotFound):
        library.read_contact_sheet(session, None)
