"""What the peers of `/predict` answer with: a picture's bytes to probabilities.

They live in a virtual environment of their own, so nothing of ours is imported here.
"""

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn


def tutorial_network() -> nn.Module:
    """Return the tutorial's network, ready to predict; its weights are any."""
    torch.set_num_threads(1)
    layers: list[nn.Module] = []
    for inputs, outputs in ((1, 32), (32, 64), (64, 128)):
        convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        layers += [convolution, nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]
    head = [nn.Flatten(), nn.Linear(2048, 625, bias=False), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Linear(625, 10, bias=False)).eval()


def to_tensor(image: Image.Image) -> Tensor:
    pixels = np.asarray(image.convert("L"), dtype=np.float32) / 255
    return torch.from_numpy(pixels).unsqueeze(0)  # (1, 28, 28)


def read_png(data: bytes) -> Tensor:
    return to_tensor(Image.open(io.BytesIO(data)))


@torch.inference_mode()
def classify(network: nn.Module, images: Tensor) -> list[list[float]]:
    logits: Tensor = network(images)
    rows: list[list[float]] = logits.softmax(dim=1).tolist()
    return rows


def answer(probabilities: list[float]) -> dict[str, object]:
    label = max(range(len(probabilities)), key=probabilities.__getitem__)
    return {"label": str(label), "probabilities": probabilities}
