"""A first step before there is a job, of which nothing is kept."""

import torch

from app.datasets.mnist import IMAGE_SHAPE
from app.revision import running_revision
from app.spec import TrainingSpec
from worker.data import Split
from worker.run import start_run
from worker.training import take_step


def warm_up() -> None:
    """Load the optimizer's modules, start the threads, let the kernels be chosen.

    A job then starts a second sooner. On the CPU: a GPU's memory is for jobs.
    """
    spec = TrainingSpec(seed=0)
    images = torch.zeros(spec.batch_size, *IMAGE_SHAPE, dtype=torch.uint8)
    labels = torch.zeros(spec.batch_size, dtype=torch.long)
    nothing = images.new_empty(0, *IMAGE_SHAPE)
    take_step(start_run(spec), spec, Split(images, labels), nothing, steps=1)
    running_revision()  # asks git, once
