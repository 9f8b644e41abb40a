"""In which precision a job computes; its weights are fp32 always."""

from pathlib import Path
from typing import Literal

import torch

Precision = Literal["fp32", "bf16"]

CPU_FACTS = Path("/proc/cpuinfo")
CPU_FLAGS = ("avx512_bf16", "amx_bf16")


def choose_precision(
    asked: Literal["auto", "fp32", "bf16"], device: torch.device
) -> Precision:
    """Return what was asked; for auto, bf16 where the device multiplies it faster."""
    if asked != "auto":
        return asked
    return "bf16" if multiplies_bf16(device) else "fp32"


def multiplies_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # torch's own answer stops at AVX512, with or without bf16.
    flags = CPU_FACTS.read_text().split() if CPU_FACTS.is_file() else []
    return any(flag in flags for flag in CPU_FLAGS)


def arithmetic(device: torch.device, precision: Precision) -> torch.autocast:
    """Return the context in which the network computes."""
    return torch.autocast(
        device.type, dtype=torch.bfloat16, enabled=precision == "bf16"
    )
