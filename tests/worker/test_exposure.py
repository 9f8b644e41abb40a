"""A network may learn from outliers to doubt, and its steps stay exact."""

import torch
from torch import Tensor

from tests.factories import dataset_of_bars, split_of_bars, tiny_spec
from worker.data import Split
from worker.evaluation import evaluate
from worker.gradients import decidedness, fill_gradients
from worker.outliers import draw_outliers
from worker.run import TrainingRun, start_run
from worker.state import restore_run, save_run
from worker.training import StepResult, train

EXPOSED = tiny_spec(outlier_exposure={"share": 0.5, "weight": 1.0})


def weights_of(run: TrainingRun) -> list[Tensor]:
    return [weight.detach().clone() for weight in run.network.parameters()]


def test_loss_and_logits_are_of_the_images_alone() -> None:
    batch = split_of_bars(4)
    images = batch.images.unsqueeze(1).float() / 255
    strange = torch.rand(2, 1, 28, 28)
    plain, exposed = start_run(tiny_spec()), start_run(EXPOSED)
    exposed.network.eval()
    plain.network.eval()

    expected = fill_gradients(plain, tiny_spec(), images, batch.labels)
    both = torch.cat([images, strange])
    loss, logits = fill_gradients(exposed, EXPOSED, both, batch.labels)

    assert torch.allclose(loss, expected[0], atol=1e-5)
    assert torch.allclose(logits, expected[1], atol=1e-5)
    pairs = zip(plain.network.parameters(), exposed.network.parameters(), strict=True)
    assert not all(torch.equal(a.grad, b.grad) for a, b in pairs)  # type: ignore[arg-type]


def test_who_is_undecided_loses_least() -> None:
    undecided, decided = torch.zeros(3, 10), 5 * torch.eye(10)

    assert decidedness(undecided) < decidedness(decided)


def test_an_exposed_network_grows_undecided_before_outliers() -> None:
    spec = EXPOSED.model_copy(update={"epochs": 30})
    dataset, run, plain = dataset_of_bars(), start_run(spec), start_run(spec)
    unexposed = spec.model_copy(update={"outlier_exposure": None})

    for learner, its_spec in ((run, spec), (plain, unexposed)):
        for _result in train(learner, its_spec, dataset):
            pass

    generator = torch.Generator().manual_seed(9)
    images = draw_outliers(dataset.train.images, 100, generator)
    strange = Split(images, torch.zeros(100, dtype=torch.long))
    doubts = [
        decidedness(evaluate(learner.network, strange).logits)
        for learner in (run, plain)
    ]
    assert doubts[0] < doubts[1]


def test_an_interrupted_job_sees_the_outliers_that_it_would_have_seen() -> None:
    dataset, whole = dataset_of_bars(), start_run(EXPOSED)
    saved = b""
    for place, result in enumerate(train(whole, EXPOSED, dataset)):
        if place == 0:
            assert isinstance(result, StepResult)
            saved = save_run(whole)

    resumed = start_run(EXPOSED)
    restore_run(resumed, saved)
    for _result in train(resumed, EXPOSED, dataset):
        pass

    pairs = zip(weights_of(whole), weights_of(resumed), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
