"""Dropout drops as often as it should, and the same again from the same state."""

import pytest
import torch
from torch import Tensor, nn

from app.vision.dropout import ElementDropout

DTYPES = [torch.float32, torch.bfloat16, torch.float16, torch.float64]
MANY = 1_000_000


def dropped(probability: float, numbers: Tensor) -> Tensor:
    output: Tensor = ElementDropout(probability)(numbers)
    return output


@pytest.mark.parametrize("probability", [0.01, 0.2, 0.3, 0.5, 0.9])
def test_the_share_of_dropped_numbers_is_the_probability(probability: float) -> None:
    torch.manual_seed(0)

    output = dropped(probability, torch.ones(MANY))

    share = (output == 0).double().mean().item()
    error = (probability * (1 - probability) / MANY) ** 0.5
    assert share == pytest.approx(probability, abs=5 * error)


@pytest.mark.parametrize("probability", [0.1, 0.2, 0.5])
def test_the_mean_stays(probability: float) -> None:
    torch.manual_seed(0)

    output = dropped(probability, torch.ones(MANY))

    error = (probability / (1 - probability) / MANY) ** 0.5
    assert output.double().mean().item() == pytest.approx(1, abs=5 * error)


def test_neighbours_are_dropped_independently() -> None:
    torch.manual_seed(0)
    is_kept = dropped(0.5, torch.ones(MANY)) > 0

    for distance in (1, 2, 3, 4, 8, 32, 1024):
        both = (is_kept[distance:] & is_kept[:-distance]).double().mean().item()
        assert both == pytest.approx(0.25, abs=5 * (0.1875 / MANY) ** 0.5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_number_is_scaled_or_0_and_its_gradient_likewise(dtype: torch.dtype) -> None:
    numbers = torch.full((100, 7), 3.0, dtype=dtype, requires_grad=True)

    output = dropped(0.5, numbers)
    output.sum().backward()

    assert set(output.flatten().tolist()) == {0.0, 6.0}
    assert numbers.grad is not None
    assert torch.equal(numbers.grad * 3, output)


@pytest.mark.parametrize("probability", [1e-9, 1 - 1e-9])
def test_the_rarest_chance_is_one_of_65536(probability: float) -> None:
    torch.manual_seed(0)

    output = dropped(probability, torch.ones(MANY))

    rare = min((output == 0).sum().item(), (output != 0).sum().item())
    assert 0 < rare < 60


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certain_dropout_is_torch_s(probability: float) -> None:
    numbers = torch.rand(100)

    assert torch.equal(dropped(probability, numbers), nn.Dropout(probability)(numbers))


def test_the_mask_follows_from_torch_s_generator_alone() -> None:
    state = torch.get_rng_state()
    first = dropped(0.5, torch.ones(64))
    second = dropped(0.5, torch.ones(64))

    torch.set_rng_state(state)
    again = dropped(0.5, torch.ones(64))

    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_channels_last_stays_channels_last() -> None:
    layout = torch.channels_last
    images = torch.rand(2, 3, 4, 4).contiguous(memory_format=layout)

    assert dropped(0.5, images).is_contiguous(memory_format=layout)


def test_numbers_that_lie_apart_are_dropped_too() -> None:
    rows = torch.ones(1, 8).expand(50, 8)

    output = dropped(0.5, rows)

    assert set(output.flatten().tolist()) == {0.0, 2.0}
    assert len(output.unique(dim=0)) > 1


def test_nothing_is_dropped_while_predicting() -> None:
    numbers = torch.rand(100)

    assert torch.equal(ElementDropout(0.5).eval()(numbers), numbers)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_a_gpu_dropout_is_torch_s() -> None:
    numbers = torch.ones(100, device="cuda")

    torch.manual_seed(0)
    ours = dropped(0.5, numbers)
    torch.manual_seed(0)

    assert torch.equal(ours, nn.Dropout(0.5)(numbers))
