"""Evaluation reports of networks that are right as often as they are told to be."""

from collections.abc import Sequence
from uuid import UUID

import torch
from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim, TestResult
from app.models import Job
from app.report import EvaluationReport
from app.states import Outcome
from app.vision.evaluation import make_report
from tests.factories import DIGITS, card, read_job, record_epoch, running_job, settle
from tests.vision.logits import overconfident


def a_report(
    names: Sequence[str] = DIGITS, images: int = 200, factor: float = 3.0
) -> EvaluationReport:
    logits, labels = overconfident(images, len(names), factor)
    values = {"class_names": tuple(names), "temperature": factor}
    its_card = card(UUID(int=1)).model_copy(update=values)
    pixels = torch.arange(images * 28 * 28) % 251
    pictures = pixels.reshape(images, 28, 28).to(torch.uint8)
    return make_report(logits, labels, pictures, its_card)


def record_report(
    engine: Engine, claim: Claim, report: EvaluationReport | None
) -> bool:
    with write_session(engine) as session:
        return jobs.record_result(session, claim, TestResult(0.5, 0.875, report))


def reported_job(engine: Engine, report: EvaluationReport | None) -> Job:
    """Return a job that went the whole way, and left this report."""
    claim = running_job(engine)
    record_epoch(engine, claim, 1)
    record_report(engine, claim, report)
    settle(engine, claim, Outcome.FINISHED)
    return read_job(engine, claim.job_id)
