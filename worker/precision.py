"""In which precision a job computes; its weights are fp32 always."""

from pathlib import Path
from typing import Literal

import torch

Precision = Literal["fp32", "bf16"]

CPU_FACTS = Path("/proc/cpuinfo")


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
    return CPU_FACTS.is_file() and is_made_for_bf16(CPU_FACTS.read_text())


def is_made_for_bf16(facts: str) -> bool:
    """Tell from /proc/cpuinfo; a stopwatch would not decide twice alike.

    Intel's processors with AVX512-FP16 were made to multiply bf16 by AMX. Where a
    virtual machine hides AMX from them, their AVX512 does it at half the rate of fp32.
    """
    words = set(facts.split())
    if "amx_bf16" in words:
        return True
    hides_amx = {"GenuineIntel", "avx512_fp16"} <= words
    return "avx512_bf16" in words and not hides_amx


def arithmetic(device: torch.device, precision: Precision) -> torch.autocast:
    """Return the context in which the network computes."""
    return torch.autocast(
        device.type, dtype=torch.bfloat16, enabled=precision == "bf16"
    )
