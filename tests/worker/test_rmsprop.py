"""RMSprop in one pass makes torch's steps."""

import pytest
import torch
from torch import Tensor, nn, optim

from worker.rmsprop import FusedRMSprop

Numbers = dict[str, object]

CASES: dict[str, Numbers] = {
    "the tutorial's": {"lr": 0.001, "alpha": 0.9, "eps": 1e-10},
    "a long memory": {"lr": 0.01, "alpha": 0.999, "eps": 1e-8},
    "no memory": {"lr": 0.01, "alpha": 0.0, "eps": 1e-8},
    "momentum": {"lr": 0.01, "momentum": 0.9},
    "weight decay": {"lr": 0.01, "weight_decay": 0.1},
}


def weights(
    layout: torch.memory_format = torch.contiguous_format,
) -> list[nn.Parameter]:
    torch.manual_seed(0)
    shapes = [(8, 4, 3, 3), (130, 70, 1, 1), (5, 1, 3, 3)]
    return [
        nn.Parameter(torch.randn(shape).contiguous(memory_format=layout))
        for shape in shapes
    ]


def train(optimizer: optim.Optimizer, ours: list[nn.Parameter], steps: int) -> None:
    torch.manual_seed(1)
    for _step in range(steps):
        for weight in ours:
            weight.grad = torch.randn(weight.shape)
        optimizer.step()


def furthest(first: list[nn.Parameter], second: list[nn.Parameter]) -> float:
    differences: list[Tensor] = [
        (ours - theirs).abs().max() for ours, theirs in zip(first, second, strict=True)
    ]
    return max(difference.item() for difference in differences)


@pytest.mark.parametrize("numbers", CASES.values(), ids=CASES)
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_the_steps_are_torchs(numbers: Numbers, layout: torch.memory_format) -> None:
    ours, theirs = weights(layout), weights(layout)

    train(FusedRMSprop([numbers | {"params": ours}]), ours, steps=20)
    train(optim.RMSprop([numbers | {"params": theirs}]), theirs, steps=20)

    assert furthest(ours, theirs) < 1e-6


def test_gradients_stay_as_they_are() -> None:
    ours = weights()
    optimizer = FusedRMSprop(ours)
    gradient = torch.randn(ours[0].shape)
    ours[0].grad = gradient.clone()

    optimizer.step()

    assert torch.equal(ours[0].grad, gradient)


def test_weights_without_a_gradient_stay_as_they_are() -> None:
    ours, untouched = weights(), weights()

    FusedRMSprop(ours).step()

    assert furthest(ours, untouched) == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [(FusedRMSprop, optim.RMSprop), (optim.RMSprop, FusedRMSprop)],
    ids=["ours to torch's", "torch's to ours"],
)
def test_either_goes_on_from_the_state_of_the_other(
    first: type[optim.RMSprop], second: type[optim.RMSprop]
) -> None:
    ours, theirs = weights(), weights()
    before = first(ours)
    train(before, ours, steps=3)
    after = second(ours)

    after.load_state_dict(before.state_dict())
    train(after, ours, steps=3)
    plain = optim.RMSprop(theirs)
    train(plain, theirs, steps=3)
    train(plain, theirs, steps=3)

    assert furthest(ours, theirs) < 1e-6
    assert after.state[ours[0]]["step"] == 6


def test_a_closure_is_asked_for_the_loss() -> None:
    assert FusedRMSprop(weights()).step(lambda: 0.5) == 0.5
