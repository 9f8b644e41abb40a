"""Convolutions and poolings with TensorFlow's `same`: odd padding at the end."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, max_pool2d, pad

from app.architecture.sliding import Slide

Slides = tuple[Slide, ...]

TINY = 1e-12  # under the root, so that its gradient at 0 is 0 and not NaN


@dataclass(frozen=True)
class Border:
    """How torch lays padding around a picture: by itself, or only on a padded copy."""

    padding: tuple[int, int] = (0, 0)
    edges: tuple[int, ...] = ()
    ceil_mode: bool = False

    def around(self, images: Tensor, value: float = 0.0) -> Tensor:
        return pad(images, self.edges, value=value) if self.edges else images


def border_of(slides: Slides, *, is_pooling: bool) -> Border:
    if all(one.before == one.after for one in slides):
        return Border(padding=(slides[0].before, slides[1].before))
    # Torch's own rounding up of poolings is the same, and copies nothing.
    if is_pooling and all(
        one.before == 0 and one.stride > 1 >= one.after for one in slides
    ):
        return Border(ceil_mode=True)
    down, across = slides
    return Border(edges=(across.before, across.after, down.before, down.after))


class PaddedConv(nn.Conv2d):
    """A convolution whose picture gets an odd border first."""

    border = Border()

    def forward(self, images: Tensor) -> Tensor:  # (N, C, H, W) -> (N, K, h, w)
        return super().forward(self.border.around(images))


class Pooling(nn.Module):
    """What poolings share: a window that slides over a picture."""

    def __init__(self, slides: Slides) -> None:
        super().__init__()
        self.window = slides[0].window
        self.stride = slides[0].stride
        self.border = border_of(slides, is_pooling=True)

    def summed(self, images: Tensor) -> Tensor:
        """Return the sum of each window; the border is 0."""
        return avg_pool2d(
            self.border.around(images),
            self.window,
            self.stride,
            self.border.padding,
            self.border.ceil_mode,
            divisor_override=1,
        )


class MaxPool(Pooling):
    """The largest number of each window."""

    def forward(self, images: Tensor) -> Tensor:  # (N, C, H, W) -> (N, C, h, w)
        return max_pool2d(
            self.border.around(images, -torch.inf),
            self.window,
            self.stride,
            self.border.padding,
            ceil_mode=self.border.ceil_mode,
        )


class AveragePool(Pooling):
    """The mean of what each window holds of the picture."""

    def __init__(self, slides: Slides) -> None:
        super().__init__(slides)
        ones = torch.ones(1, 1, slides[0].side, slides[1].side)
        self.register_buffer("counts", self.summed(ones), persistent=False)

    def forward(self, images: Tensor) -> Tensor:  # (N, C, H, W) -> (N, C, h, w)
        if self.border == Border():
            return avg_pool2d(images, self.window, self.stride)
        return self.summed(images) / self.get_buffer("counts")


class L2Pool(Pooling):
    """The L2 norm of each window."""

    def forward(self, images: Tensor) -> Tensor:  # (N, C, H, W) -> (N, C, h, w)
        return (self.summed(images.square()) + TINY).sqrt()
