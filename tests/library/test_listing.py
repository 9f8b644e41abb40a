"""Lists go from page to page, newest first, and lose nothing."""

from uuid import uuid4

import pytest
from sqlmodel import Session

from app import library
from app.errors import UnknownCursor
from tests.library.conftest import begin


def test_pages_follow_each_other_newest_first(session: Session) -> None:
    begun = [begin(session, name)[0] for name in ("a", "b", "c")]

    first = library.list_datasets(session, 2, None)
    last = library.list_datasets(session, 2, first.found[-1].id)

    assert [one.id for one in (*first.found, *last.found)] == begun[::-1]
    assert (first.has_more, last.has_more) == (True, False)


def test_a_page_after_nothing_is_refused(session: Session) -> None:
    with pytest.raises(UnknownCursor):
        library.list_datasets(session, 2, uuid4())


def test_without_a_digest_there_is_no_content(session: Session) -> None:
    assert library.get_content(session, None) is None
