"""The tensors of a safetensors file from elsewhere, each held against its network."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from app.architecture import Architecture, Fault, Shape, weight_shapes
from app.errors import UploadRefused
from app.vision.card import LENGTH_BYTES, header_length

Tensors = Mapping[str, NDArray[Any]]
Header = dict[str, Any]

LARGEST_HEADER = 16 * 2**20  # what a card says of 1000 classes is a part of it
MOST_FAULTS = 20
METADATA = "__metadata__"
COUNTER, VARIANCE = ".num_batches_tracked", ".running_var"


def read_whole_header(data: bytes) -> Header:
    """Return the header, which is read before anything is made of it.

    Raises:
        UploadRefused: It is no safetensors file, or claims what it has not.
    """
    length = header_length(data)
    if len(data) < LENGTH_BYTES or length > len(data) - LENGTH_BYTES:
        raise UploadRefused(
            f"The weights are no safetensors file: a header of {length} bytes is "
            f"announced, and {max(0, len(data) - LENGTH_BYTES)} follow."
        )
    if length > LARGEST_HEADER:
        raise UploadRefused(
            f"The header of the weights has {length} bytes; {LARGEST_HEADER} are "
            "allowed."
        )
    try:
        header = json.loads(data[LENGTH_BYTES : LENGTH_BYTES + length])
    except (ValueError, RecursionError) as error:
        raise UploadRefused("The header of the weights is no JSON.") from error
    if not isinstance(header, dict):
        raise UploadRefused("The header of the weights is no JSON object.")
    return header


def card_of(header: Header) -> bytes | None:
    """Return the card that our own files carry."""
    metadata = header.get(METADATA)
    card = metadata.get("modelmill") if isinstance(metadata, dict) else None
    return card.encode(errors="replace") if isinstance(card, str) else None


def load_tensors(data: bytes) -> Tensors:
    """Read the tensors; runs no code.

    Raises:
        UploadRefused: Header and bytes do not go together.
    """
    try:
        tensors: Tensors = safetensors.numpy.load(data)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        reason = str(error)[:200]
        raise UploadRefused(f"The weights cannot be read: {reason}.") from error
    return tensors


def faults_of_header(
    header: Header, architecture: Architecture, input_shape: Shape
) -> list[Fault]:
    """Return what keeps the tensors that are announced from being this network's."""
    wanted = weight_shapes(architecture, input_shape)
    announced = {name: entry for name, entry in header.items() if name != METADATA}
    faults = [
        fault
        for name, shape in wanted.items()
        for fault in faults_of_entry(name, shape, announced.get(name))
    ]
    faults += [
        tensor_fault("unknown_tensor", name, "belongs to no layer of the architecture")
        for name in announced
        if name not in wanted
    ]
    return faults[:MOST_FAULTS]


def faults_of_entry(name: str, shape: Shape, entry: object) -> Iterator[Fault]:
    if not isinstance(entry, dict):
        yield tensor_fault("missing_tensor", name, f"of shape {[*shape]} is missing")
        return
    found = entry.get("shape")
    if found != [*shape]:
        reason = f"has the shape {str(found)[:60]}; the layer needs {[*shape]}"
        yield tensor_fault("wrong_shape", name, reason)
    dtype = "I64" if name.endswith(COUNTER) else "F32"
    if entry.get("dtype") != dtype:
        reason = f"holds {str(entry.get('dtype'))[:10]}; the layer needs {dtype}"
        yield tensor_fault("wrong_dtype", name, reason)


def faults_of_values(tensors: Tensors) -> list[Fault]:
    """Return each tensor with numbers that no training leaves behind."""
    faults = []
    for name, values in tensors.items():
        if not np.isfinite(values).all():
            faults.append(tensor_fault("not_finite", name, "holds NaN or infinity"))
        elif name.endswith(VARIANCE) and (values < 0).any():
            reason = "holds a variance below 0"
            faults.append(tensor_fault("negative_variance", name, reason))
    return faults[:MOST_FAULTS]


def tensor_fault(code: str, name: str, reason: str) -> Fault:
    shown = name[:200].encode("ascii", "backslashreplace").decode()
    return Fault(("file",), code, f"The tensor `{shown}` {reason}.")
