"""The peer: Celery tasks that train as we do and keep no record of it.

`celery -A benchmarks.celery_peer worker`, with PEER_BROKER and PEER_DATASETS
set. Its process keeps torch from task to task.
"""

import os
from pathlib import Path

import torch
from celery import Celery

from app.spec import TrainingSpec
from worker.data import load_dataset
from worker.evaluation import evaluate
from worker.run import start_run
from worker.training import train

BROKER = os.environ.get("PEER_BROKER")

celery = Celery("peer", broker=BROKER, backend=BROKER)
celery.conf.update(worker_prefetch_multiplier=1)


def train_plainly(spec: TrainingSpec, datasets: Path) -> float:
    """Train to the end and measure the last network on the test images."""
    dataset = load_dataset(datasets, spec)
    run = start_run(spec, torch.device("cpu"))
    for _result in train(run, spec, dataset):
        pass
    return evaluate(run.network, dataset.test, run.precision).accuracy


@celery.task
def train_job(spec: str) -> float:
    torch.set_num_threads(1)
    datasets = Path(os.environ["PEER_DATASETS"])
    return train_plainly(TrainingSpec.model_validate_json(spec), datasets)
