"""Tiny things that several tests need: specs, datasets, pictures, finished jobs."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
import torch
from PIL import Image, ImageDraw
from sqlalchemy import Engine

from app import jobs
from app.architecture import named_architecture
from app.database.engine import read_session, write_session
from app.datasets.idx import idx_bytes
from app.datasets.mnist import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from app.jobs import Claim, Ending, EpochRecord, Lease, SavedState, TestResult
from app.jobs.leases import claim_job
from app.models import Checkpoint, EpochMetrics, Job, JobEvent
from app.spec import JobRequest
from app.states import Action, JobStatus, Outcome
from app.vision.card import CheckpointCard, digest_weights
from app.vision.checkpoint import encode_checkpoint
from app.vision.network import build_network
from app.vision.pixels import Pixels
from worker.data import Dataset, Split

DIGITS = tuple("0123456789")
PICTURE = (1, 28, 28)
TUTORIAL = named_architecture("tutorial").for_classes(10)
LEASE = timedelta(minutes=1)


def tiny_spec(**values: object) -> JobRequest:
    """Two epochs of two steps over twelve images less four, from a fixed seed."""
    tiny = {"epochs": 2, "batch_size": 4, "validation_size": 4, "seed": 7}
    return JobRequest.model_validate(tiny | values)


def bars(count: int) -> tuple[Pixels, Pixels]:
    """Return images with a bright bar whose place is the label, and the labels."""
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 8, 4:24] = 255
    return images, labels


def split_of_bars(count: int) -> Split:
    images, labels = bars(count)
    return Split(torch.from_numpy(images), torch.from_numpy(labels).long())


def dataset_of_bars(train: int = 8) -> Dataset:
    parts = (split_of_bars(train), split_of_bars(4), split_of_bars(4))
    return Dataset(*parts, DIGITS)


def write_dataset(data_dir: Path, train: int = 12, test: int = 4) -> None:
    """Put bars where a worker looks for MNIST."""
    folder = data_dir / "datasets" / "mnist"
    folder.mkdir(parents=True)
    for count, images_name, labels_name in (
        (train, TRAIN_IMAGES, TRAIN_LABELS),
        (test, TEST_IMAGES, TEST_LABELS),
    ):
        images, labels = bars(count)
        (folder / images_name).write_bytes(idx_bytes(images))
        (folder / labels_name).write_bytes(idx_bytes(labels))


def drawn_digit(ink: str = "black", paper: str = "white") -> Image.Image:
    """Return a large seven as a person would draw it, well off the middle."""
    image = Image.new("L", (200, 160), paper)
    pen = ImageDraw.Draw(image)
    pen.line([(20, 30), (80, 30), (40, 120)], fill=ink, width=12, joint="curve")
    return image


def encoded(image: Image.Image, format_name: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, format_name, **options)
    return file.getvalue()


def card(job_id: UUID, epoch: int = 1) -> CheckpointCard:
    return CheckpointCard(
        job_id=str(job_id),
        epoch=epoch,
        class_names=DIGITS,
        architecture=TUTORIAL,
        input_shape=PICTURE,
    )


def fresh_weights(job_id: UUID, epoch: int = 1) -> bytes:
    return encode_checkpoint(build_network(TUTORIAL, PICTURE), card(job_id, epoch))


def submitted_job(engine: Engine, request: JobRequest | None = None) -> Job:
    with write_session(engine) as session:
        return jobs.submit_job(session, request or tiny_spec())


def claimed_job(engine: Engine, job_id: UUID, worker_id: str = "a") -> Claim:
    """Take this very job, whoever is first in line."""
    with write_session(engine) as session:
        claim = claim_job(session, job_id, Lease(worker_id, LEASE))
    if claim is None:
        raise AssertionError("the job is not there to be taken")
    return claim


def running_job(engine: Engine, request: JobRequest | None = None) -> Claim:
    return claimed_job(engine, submitted_job(engine, request).id)


def ask(engine: Engine, job_id: UUID, action: Action) -> Job:
    with write_session(engine) as session:
        return jobs.request_action(session, job_id, action)


def settle(engine: Engine, claim: Claim, outcome: Outcome) -> JobStatus | None:
    """End an attempt as its supervisor does once the child is gone."""
    with write_session(engine) as session:
        return jobs.settle_job(session, claim, Ending(outcome, outcome, max_attempts=5))


def record_epoch(
    engine: Engine, claim: Claim, epoch: int, *, is_best: bool = True
) -> Checkpoint:
    """Record an epoch with the weights of an untrained network."""
    metrics = EpochMetrics(
        job_id=claim.job_id,
        epoch=epoch,
        attempt=claim.attempt,
        train_loss=2.0 / epoch,
        train_accuracy=0.5,
        val_loss=1.0 / epoch,
        val_accuracy=0.75,
        seconds=1.5,
        images_per_second=100.0,
    )
    weights = fresh_weights(claim.job_id, epoch)
    state, digest = SavedState(epoch + 1, 0, b""), digest_weights(weights)
    record = EpochRecord(metrics, weights, state, is_best, digest)
    with write_session(engine) as session:
        jobs.record_epoch(session, claim, record)
        return jobs.checkpoint_of_epoch(session, claim.job_id, epoch)


def finish_job(engine: Engine, claim: Claim) -> None:
    with write_session(engine) as session:
        jobs.record_result(session, claim, TestResult(loss=0.5, accuracy=0.875))
    settle(engine, claim, Outcome.FINISHED)


def succeeded_job(engine: Engine, epochs: int = 1) -> Job:
    """Return a job that went the whole way, with a checkpoint for each epoch."""
    claim = running_job(engine, tiny_spec(epochs=epochs))
    for epoch in range(1, epochs + 1):
        record_epoch(engine, claim, epoch)
    finish_job(engine, claim)
    return read_job(engine, claim.job_id)


def read_job(engine: Engine, job_id: UUID) -> Job:
    with read_session(engine) as session:
        return jobs.get_job(session, job_id)


def read_events(engine: Engine, job_id: UUID) -> list[JobEvent]:
    with read_session(engine) as session:
        return jobs.list_events(session, job_id, after=0)


def event_kinds(engine: Engine, job_id: UUID) -> list[str]:
    return [event.kind for event in read_events(engine, job_id)]


def read_weights(engine: Engine, job_id: UUID, epoch: int) -> bytes:
    with read_session(engine) as session:
        checkpoint = jobs.checkpoint_of_epoch(session, job_id, epoch)
        return jobs.read_weights(session, checkpoint.id)


def read_problem(response: httpx2.Response) -> dict[str, Any]:
    """Return the problem document that every answer but a good one must be."""
    problem: dict[str, Any] = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == response.status_code >= 400
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["type"] == f"urn:modelmill:error:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return problem
