"""What a spare does before its job leaves no trace in the job."""

import torch

from tests.factories import dataset_of_bars, tiny_spec
from worker.run import start_run
from worker.training import train
from worker.warmup import warm_up


def weights_after_a_step() -> list[torch.Tensor]:
    spec = tiny_spec().training_spec()
    run = start_run(spec)
    next(iter(train(run, spec, dataset_of_bars())))
    return list(run.network.parameters())


def test_a_warm_child_trains_as_a_cold_one() -> None:
    cold = weights_after_a_step()

    warm_up()

    warm = weights_after_a_step()
    assert all(map(torch.equal, cold, warm))


def test_a_spare_leaves_the_gpu_to_jobs() -> None:
    warm_up()

    assert not torch.cuda.is_initialized()
