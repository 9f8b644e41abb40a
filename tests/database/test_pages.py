"""A page begins after the last row of the one before, and only after one's own."""

from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app.database.pages import Page, last_seen, newest_first, older_than
from app.errors import UnknownCursor
from app.models import Job
from app.spec import TrainingSpec


def store(session: Session, owner: str | None = None) -> Job:
    job = Job(requested={}, spec=TrainingSpec(), key_id=owner)
    session.add(job)
    session.commit()
    return job


def page_after(session: Session, last: Job | None, limit: int = 2) -> Page[Job]:
    return newest_first(session, older_than(select(Job), Job, last), Job, limit)


def test_pages_follow_each_other_without_a_gap(session: Session) -> None:
    made = [store(session).id for _ in range(5)]

    first = page_after(session, None)
    store(session)  # what comes meanwhile moves nothing
    second = page_after(session, first.found[-1])
    third = page_after(session, second.found[-1])

    pages = (first, second, third)
    assert [job.id for page in pages for job in page.found] == made[::-1]
    assert [page.has_more for page in pages] == [True, True, False]


def test_a_page_begins_after_a_row_that_is_there(session: Session) -> None:
    job = store(session)

    assert last_seen(session, Job, None) is None
    assert last_seen(session, Job, job.id) == job
    with pytest.raises(UnknownCursor):
        last_seen(session, Job, uuid4())


@pytest.mark.parametrize("asker", [None, "mine"])
def test_its_owner_begins_after_a_row_and_who_sees_all(
    session: Session, asker: str | None
) -> None:
    job = store(session, owner="mine")

    assert last_seen(session, Job, job.id, key_id=asker) == job


def test_nobody_begins_after_a_row_of_another(session: Session) -> None:
    job = store(session, owner="mine")

    with pytest.raises(UnknownCursor):
        last_seen(session, Job, job.id, key_id="yours")
