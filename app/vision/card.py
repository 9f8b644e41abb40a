"""What the weights in a checkpoint belong to, read without loading any of them."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from app.architecture import Architecture
from app.vision.familiarity import Familiarity
from app.vision.preprocessing import Preprocessing

LENGTH_BYTES = 8  # safetensors: header length, little-endian, then JSON


class CheckpointCard(BaseModel):
    """What the weights belong to; kept in the file's own header."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    job_id: str
    epoch: int
    class_names: tuple[str, ...]
    architecture: Architecture
    input_shape: tuple[int, int, int]
    preprocessing: Preprocessing = Preprocessing()
    # Divides the logits; files of before it was measured have none.
    temperature: FiniteFloat = Field(default=1.0, gt=0)
    # None in older files, and where validation images were too few to fit it.
    familiarity: Familiarity | None = None


def read_card(data: bytes) -> CheckpointCard:
    return CheckpointCard.model_validate_json(read_metadata(data)["modelmill"])


def read_metadata(data: bytes) -> dict[str, str]:
    """Return the strings that a safetensors file carries in its header."""
    metadata: dict[str, str] = read_header(data)["__metadata__"]
    return metadata


def digest_weights(data: bytes) -> str:
    """Return the SHA-256 of a file's tensors, whatever its metadata says."""
    header = read_header(data)
    header.pop("__metadata__", None)
    found = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    found.update(memoryview(data)[LENGTH_BYTES + header_length(data) :])
    return found.hexdigest()


def read_header(data: bytes) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(
        data[LENGTH_BYTES : LENGTH_BYTES + header_length(data)]
    )
    return header


def header_length(data: bytes) -> int:
    return int.from_bytes(data[:LENGTH_BYTES], "little")
