"""A checkpoint as a `torch.export` program, made by a process of its own.

Run as a module by `app.vision.export`: the api never imports torch.
"""

import sys
from io import BytesIO

import torch
from torch.export import Dim, export, save

from app.vision.checkpoint import decode_checkpoint


def export_program(data: bytes) -> bytes:
    """Return the program of float images (N, C, H, W) to logits, for N from 1."""
    loaded = decode_checkpoint(data)
    for weight in loaded.network.parameters():
        # Channels last is for training; torch stores other strides as a part of more.
        weight.data = weight.data.contiguous()
    # Two, since torch takes a size of one for a constant.
    images = torch.zeros(2, *loaded.card.input_shape)
    sizes = ({0: Dim("images")},)
    file = BytesIO()
    save(export(loaded.network, (images,), dynamic_shapes=sizes), file)
    return file.getvalue()


def main() -> None:
    sys.stdout.buffer.write(export_program(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
