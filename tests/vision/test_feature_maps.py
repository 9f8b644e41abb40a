"""Feature maps and filters are those of the very network that was trained."""

from uuid import UUID

import numpy as np
import pytest
import torch

from app.architecture import ArchitectureName, named_architecture
from app.errors import LayerNotFound
from app.vision.checkpoint import decode_checkpoint, encode_checkpoint
from app.vision.feature_maps import feature_maps, filter_sheet, sheet_of_filters
from app.vision.network import build_network
from app.vision.tensors import normalize
from tests.factories import PICTURE, bars, card, fresh_weights

JOB_ID = UUID(int=1)
PIXELS = bars(4)[0][3]
SWAPPED = {"activation", "pool"}  # torch pools first where that comes to the same


def weights_of(name: ArchitectureName) -> bytes:
    architecture = named_architecture(name).for_classes(10)
    its_card = card(JOB_ID).model_copy(update={"architecture": architecture})
    return encode_checkpoint(build_network(architecture, PICTURE), its_card)


def extremes_in_torch(data: bytes) -> dict[str, tuple[float, float]]:
    """Return the least and the largest number that each module puts out."""
    loaded = decode_checkpoint(data)
    found: dict[str, tuple[float, float]] = {}

    def note(name: str, output: torch.Tensor) -> None:
        found[name] = (float(output.min()), float(output.max()))

    for name, module in loaded.network.named_modules():
        module.register_forward_hook(
            lambda _module, _inputs, output, name=name: note(name, output)
        )
    with torch.inference_mode():
        images = torch.from_numpy(PIXELS).unsqueeze(0)
        loaded.network(normalize(images, loaded.card.preprocessing))
    return found


@pytest.mark.parametrize("name", ["tutorial", "lenet5", "resnet_mini", "mlp"])
def test_maps_are_what_the_trained_network_puts_out(
    name: ArchitectureName,
) -> None:
    torch.manual_seed(1)
    data = weights_of(name)

    found = {
        layer.name: (layer.sheet.low, layer.sheet.high)
        for layer in feature_maps(data, PIXELS)
        if layer.kind not in SWAPPED
    }

    expected = extremes_in_torch(data)
    assert list(found.values()) == [
        pytest.approx(expected[name], abs=1e-4) for name in found
    ]


def test_what_changes_nothing_is_left_out() -> None:
    kinds = [layer.kind for layer in feature_maps(fresh_weights(JOB_ID), PIXELS)]

    assert kinds[:4] == ["conv", "activation", "pool", "conv"]
    assert kinds[-3:] == ["linear", "activation", "linear"]


def test_a_network_without_a_convolution_has_no_filters() -> None:
    with pytest.raises(LayerNotFound, match="convolutions are: none"):
        filter_sheet(weights_of("mlp"), None)


def test_at_most_64_filters_of_64_channels_are_drawn() -> None:
    sheet = sheet_of_filters(np.zeros((100, 70, 3, 3), np.float32))

    assert (sheet.columns, sheet.rows) == (64, 64)
