"""What the weights in a checkpoint belong to, read without loading any of them."""

import json

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
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    header = json.loads(data[LENGTH_BYTES : LENGTH_BYTES + length])
    metadata: dict[str, str] = header["__metadata__"]
    return metadata
