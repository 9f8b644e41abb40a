"""A checkpoint's bytes: safetensors whose header holds what rebuilds the network."""

from dataclasses import dataclass

import safetensors.torch
from torch import nn

from app.vision.card import CheckpointCard, read_card
from app.vision.network import build_network


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
