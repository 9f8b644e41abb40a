"""Jobs are renamed, moved in line, asked for again and deleted; specs never change."""

from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.errors import JobNotFinished, JobNotFound
from app.jobs import Claim
from app.models import Job, JobLog
from app.spec import SGD, JobEdit, JobRequest, TrainingSpec
from app.states import Action
from tests.jobs.examples import (
    LEASE,
    an_epoch,
    every_row,
    fail,
    finish,
    kinds,
    look,
    submit,
)

CALLED = {"name": "a", "tags": ["t"], "metadata": {"k": "v"}, "priority": 3}
FILES = {"checkpoint", "checkpoint_weights", "training_state"}


@pytest.fixture
def named_id(engine: Engine) -> UUID:
    return submit(engine, **CALLED)


def calling(job: Job) -> dict[str, object]:
    return {
        "name": job.name,
        "tags": job.tags,
        "metadata": job.user_metadata,
        "priority": job.priority,
    }


def end_with_an_epoch(session: Session, claim: Claim) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    line = JobLog(job_id=claim.job_id, attempt=1, level="INFO", message="hello")
    jobs.add_log_lines(session, claim, [line])
    fail(session, claim)


def filled(engine: Engine) -> set[str]:
    return {table for table, rows in every_row(engine).items() if rows}


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"name": "b"},
        {"tags": []},
        {"metadata": {"x": "y"}},
        {"priority": -100},
        {"name": "b", "tags": ["u", "v"], "metadata": {}, "priority": 0},
    ],
)
def test_an_edit_changes_what_it_names_and_nothing_else(
    engine: Engine, session: Session, named_id: UUID, edit: dict[str, object]
) -> None:
    job = jobs.edit_job(session, named_id, JobEdit.model_validate(edit))

    assert calling(job) == CALLED | edit
    assert look(engine, named_id) == job
    assert kinds(engine, named_id) == ["queued"]


def test_an_edit_to_null_is_an_edit_to_nothing(
    engine: Engine, session: Session, named_id: UUID
) -> None:
    jobs.edit_job(session, named_id, JobEdit.model_validate(dict.fromkeys(CALLED)))

    nothing: dict[str, object] = {
        "name": None,
        "tags": [],
        "metadata": {},
        "priority": 0,
    }
    assert calling(look(engine, named_id)) == nothing


@pytest.mark.parametrize("edit", [JobEdit(), JobEdit(name="a")])
def test_an_unknown_job_cannot_be_edited(session: Session, edit: JobEdit) -> None:
    with pytest.raises(JobNotFound):
        jobs.edit_job(session, uuid4(), edit)


def test_a_job_is_asked_for_again_with_its_resolved_spec(
    engine: Engine, session: Session, named_id: UUID
) -> None:
    old = look(engine, named_id)

    origin = jobs.Origin(retried_from=old.id)
    job = jobs.submit_job(session, jobs.request_again(old, {}), origin)

    assert (job.spec, job.retried_from) == (old.spec, old.id)
    assert calling(job) == CALLED
    assert (job.id != old.id, job.attempt, job.status) == (True, 0, "queued")


def test_what_is_given_anew_goes_before_what_was(
    engine: Engine, named_id: UUID
) -> None:
    overrides = {"epochs": 3, "optimizer": {"kind": "sgd"}, "name": "again"}

    again = jobs.request_again(look(engine, named_id), overrides)

    spec = TrainingSpec(seed=1, epochs=3, optimizer=SGD(kind="sgd"))
    assert again.training_spec() == spec
    assert (again.name, again.priority) == ("again", 3)


@pytest.mark.parametrize(
    "overrides", [{"epochs": 0}, {"epochs": "3"}, {"colour": "red"}, {"seed": None}]
)
def test_overrides_that_make_no_request_are_refused(
    engine: Engine, named_id: UUID, overrides: dict[str, object]
) -> None:
    with pytest.raises(ValidationError, match=next(iter(overrides))):
        jobs.request_again(look(engine, named_id), overrides)


@pytest.mark.parametrize("files_only", [True, False])
def test_only_a_job_that_ended_is_deleted(
    engine: Engine, session: Session, claim: Claim, *, files_only: bool
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    for action in (None, Action.PAUSE, Action.STOP, Action.CANCEL):
        if action is not None:
            jobs.request_action(session, claim.job_id, action)
        before = every_row(engine)
        with pytest.raises(JobNotFinished, match="cancel it before deleting it"):
            jobs.delete_job(session, claim.job_id, files_only=files_only)
        session.rollback()
        assert every_row(engine) == before


def test_a_deleted_job_leaves_nothing_at_all(
    engine: Engine, session: Session, claim: Claim
) -> None:
    end_with_an_epoch(session, claim)
    assert filled(engine) == FILES | {"job", "job_event", "job_log", "epoch_metrics"}

    jobs.delete_job(session, claim.job_id, files_only=False)

    assert filled(engine) == set()
    with pytest.raises(JobNotFound):
        jobs.delete_job(session, claim.job_id, files_only=False)


def test_a_job_whose_files_are_deleted_keeps_its_record(
    engine: Engine, session: Session, claim: Claim
) -> None:
    end_with_an_epoch(session, claim)
    before = every_row(engine)

    for _again in range(2):
        jobs.delete_job(session, claim.job_id, files_only=True)

    assert every_row(engine) == before | {table: [] for table in FILES}


def test_the_files_of_other_jobs_stay(
    engine: Engine, session: Session, claim: Claim
) -> None:
    end_with_an_epoch(session, claim)
    before = every_row(engine)
    other = jobs.submit_job(session, JobRequest())
    again = jobs.claim_next(session, jobs.Lease("b", LEASE))
    assert again is not None
    jobs.record_epoch(session, again, an_epoch(again))
    finish(session, again)

    jobs.delete_job(session, other.id, files_only=False)

    assert every_row(engine) == before
