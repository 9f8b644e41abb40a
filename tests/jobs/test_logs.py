"""What a job's processes said is kept in order, numbered on, and bounded."""

from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim
from app.jobs.logs import MOST_LINES
from app.models import JobLog
from tests.jobs.examples import claimed, every_row, fail, kinds, look, release


def lines(claim: Claim, *messages: str) -> list[JobLog]:
    return [
        JobLog(job_id=claim.job_id, attempt=claim.attempt, level="INFO", message=text)
        for text in messages
    ]


def say(session: Session, claim: Claim, *messages: str) -> None:
    jobs.add_log_lines(session, claim, lines(claim, *messages))


def said(session: Session, claim: Claim, after: int = 0) -> list[tuple[int, str]]:
    found = jobs.list_log_lines(session, claim.job_id, after)
    return [(line.number, line.message) for line in found]


def test_lines_are_numbered_on_from_one(session: Session, claim: Claim) -> None:
    say(session, claim, "a", "b")
    say(session, claim)
    say(session, claim, "c")

    assert said(session, claim) == [(1, "a"), (2, "b"), (3, "c")]
    assert said(session, claim, after=2) == [(3, "c")]
    assert said(session, claim, after=3) == []


def test_lines_are_no_news(engine: Engine, session: Session, claim: Claim) -> None:
    say(session, claim, "a")

    assert kinds(engine, claim.job_id) == ["queued", "running"]
    assert look(engine, claim.job_id).log_count == 1


def test_another_attempt_numbers_on(session: Session, claim: Claim) -> None:
    say(session, claim, "a")
    release(session, claim)
    again = claimed(session, claim.job_id)
    say(session, again, "b")

    found = jobs.list_log_lines(session, claim.job_id, after=0)
    told = [(line.number, line.attempt, line.message) for line in found]
    assert told == [(1, 1, "a"), (2, 2, "b")]


def test_last_words_are_kept_after_the_end(session: Session, claim: Claim) -> None:
    fail(session, claim)
    say(session, claim, "goodbye")

    assert said(session, claim) == [(1, "goodbye")]


def test_the_oldest_lines_are_dropped_beyond_the_bound(
    session: Session, claim: Claim
) -> None:
    say(session, claim, *(["old"] * MOST_LINES))
    assert len(said(session, claim)) == MOST_LINES

    say(session, claim, "new", "newest")

    found = said(session, claim)
    assert len(found) == MOST_LINES
    assert found[0] == (3, "old")
    assert found[-1] == (MOST_LINES + 2, "newest")


def test_one_flood_is_bounded_too(session: Session, claim: Claim) -> None:
    say(session, claim, *map(str, range(1, MOST_LINES + 11)))

    found = said(session, claim)
    assert (len(found), found[0]) == (MOST_LINES, (11, "11"))


def test_the_lines_of_another_job_are_its_own(session: Session, claim: Claim) -> None:
    spec = jobs.get_job(session, claim.job_id)
    other = claimed(session, jobs.submit_job(session, jobs.request_again(spec, {})).id)
    say(session, claim, *(["mine"] * MOST_LINES))
    say(session, other, "other")
    say(session, claim, "mine")

    assert said(session, other) == [(1, "other")]


def test_a_job_that_was_deleted_takes_no_lines(
    engine: Engine, session: Session, claim: Claim
) -> None:
    fail(session, claim)
    jobs.delete_job(session, claim.job_id, files_only=False)
    before = every_row(engine)

    say(session, claim, "goodbye")

    assert every_row(engine) == before
    assert not session.in_transaction()
