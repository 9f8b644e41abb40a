"""bf16 where it is asked for, or where the device is made for it."""

import pytest
import torch

from worker import precision
from worker.precision import (
    CPU_FACTS,
    arithmetic,
    choose_precision,
    is_made_for_bf16,
)

CPU = torch.device("cpu")


@pytest.mark.parametrize("asked", ["fp32", "bf16"])
def test_what_is_asked_for_is_done(asked: precision.Precision) -> None:
    assert choose_precision(asked, CPU) == asked


@pytest.mark.parametrize(
    ("processor", "expected"),
    [
        ("AuthenticAMD avx512_bf16", True),  # Zen 4
        ("AuthenticAMD avx512_bf16 avx512_fp16", True),  # Zen 6
        ("GenuineIntel avx512_bf16", True),  # Cooper Lake
        ("GenuineIntel avx512_bf16 avx512_fp16 amx_bf16", True),  # Sapphire Rapids
        ("GenuineIntel avx512_bf16 avx512_fp16", False),  # the same, AMX hidden
        ("GenuineIntel avx512f", False),
        ("Features: asimd bf16", False),
    ],
)
def test_a_processor_is_known_by_its_flags(processor: str, *, expected: bool) -> None:
    assert is_made_for_bf16(processor) is expected


def test_auto_looks_at_what_the_processor_can() -> None:
    expected = "bf16" if is_made_for_bf16(CPU_FACTS.read_text()) else "fp32"

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
