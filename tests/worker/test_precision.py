"""bf16 where it is asked for, or where the device is made for it."""

import pytest
import torch

from worker import precision
from worker.precision import CPU_FACTS, arithmetic, choose_precision

CPU = torch.device("cpu")


@pytest.mark.parametrize("asked", ["fp32", "bf16"])
def test_what_is_asked_for_is_done(asked: precision.Precision) -> None:
    assert choose_precision(asked, CPU) == asked


def test_auto_looks_at_what_the_processor_can() -> None:
    flags = set(CPU_FACTS.read_text().split())
    expected = "bf16" if flags & {"avx512_bf16", "amx_bf16"} else "fp32"

    assert choose_precision("auto", CPU) == expected


@pytest.mark.parametrize(
    ("chosen", "dtype"), [("fp32", torch.float32), ("bf16", torch.bfloat16)]
)
def test_layers_compute_in_the_chosen_precision(
    chosen: precision.Precision, dtype: torch.dtype
) -> None:
    layer = torch.nn.Linear(3, 3)

    with arithmetic(CPU, chosen):
        assert layer(torch.ones(1, 3)).dtype is dtype
    assert layer.weight.dtype is torch.float32
