"""A checkpoint's bytes: safetensors whose header holds what rebuilds the network."""

import json
from dataclasses import dataclass

import safetensors.torch
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat
from torch import nn

from app.architecture import Architecture
from app.vision.network import build_network
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


@dataclass(frozen=True)
class LoadedCheckpoint:
    """A network ready to predict, and its card."""

    network: nn.Module
    card: CheckpointCard


def encode_checkpoint(network: nn.Module, card: CheckpointCard) -> bytes:
    weights = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    metadata = {"format": "pt", "modelmill": card.model_dump_json()}
    data: bytes = safetensors.torch.save(weights, metadata=metadata)
    return data


def decode_checkpoint(data: bytes) -> LoadedCheckpoint:
    """Rebuild the network from bytes that encode_checkpoint wrote; runs no code."""
    card = read_card(data)
    network = build_network(card.architecture, card.input_shape)
    network.load_state_dict(safetensors.torch.load(data))
    return LoadedCheckpoint(network.eval(), card)


def read_card(data: bytes) -> CheckpointCard:
    return CheckpointCard.model_validate_json(read_metadata(data)["modelmill"])


def read_metadata(data: bytes) -> dict[str, str]:
    """Return the strings that a safetensors file carries in its header."""
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    header = json.loads(data[LENGTH_BYTES : LENGTH_BYTES + length])
    metadata: dict[str, str] = header["__metadata__"]
    return metadata
