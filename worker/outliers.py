"""Pictures of nothing, made from training images and chance, to learn doubt from.

Outlier exposure (Hendrycks et al. 2019, https://arxiv.org/abs/1812.04606), with
outliers that need no second dataset, for 28x28 in grey. Letters and clothes, by which
the doubt is measured, are not among them.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from app.spec import TrainingSpec
from worker.data import Split

STROKES, POINTS = 4, 16
STROKE_SHOWN = (1.0, 1.0, 0.7, 0.4)
BEND = 0.8  # of the picture, at most
MOST_GRAINS = 0.5
DRAWN_AT_ONCE = 256  # strokes need 200 KB an image
FULL_SIZE = 20 / 28  # of a side: what preprocessing and MNIST scale a digit to


Draw = Callable[[Tensor, int, torch.Generator], Tensor]


def outlier_count(spec: TrainingSpec) -> int:
    """Return how many go beside each batch."""
    if spec.outlier_exposure is None:
        return 0
    return max(1, round(spec.batch_size * spec.outlier_exposure.share))


def epoch_outliers(images: Split, spec: TrainingSpec, epoch: int) -> Tensor:
    """Return an epoch's outliers, (steps, each, H, W) as uint8 where the images are.

    They follow from seed and epoch alone, as the order of the images does.
    """
    steps, each = len(images) // spec.batch_size, outlier_count(spec)
    if not each:
        return images.images.new_empty(steps, 0, *images.images.shape[1:])
    generator = torch.Generator(images.images.device)
    generator.manual_seed((spec.seed * 999_983 + epoch) % 2**63)
    drawn = draw_outliers(images.images, steps * each, generator)
    return drawn.view(steps, each, *drawn.shape[1:])


def draw_outliers(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Return pictures (count, H, W) as uint8, of every kind, in random order."""
    shares = count * torch.tensor([0.0, *(share for share, _draw in KINDS)]).cumsum(0)
    ends = shares.round().long().tolist()
    parts = [
        draw(images, end - start, generator)
        for start, end, (_share, draw) in zip(ends, ends[1:], KINDS, strict=False)
    ]
    order = torch.randperm(count, generator=generator, device=images.device)
    return torch.cat(parts)[order].clamp(0, 255).to(torch.uint8)


def some(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    places = torch.randint(
        len(images), (count,), generator=generator, device=images.device
    )
    return images[places].float()


def rand(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.rand(shape, generator=generator, device=generator.device)


def chance(generator: torch.Generator, share: float, *shape: int) -> Tensor:
    return rand(generator, *shape) < share


def strokes(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Draw up to four lines and bows with a pen as wide as MNIST's."""
    height, width = images.shape[1:]
    device = images.device
    pen = 0.7 + 1.3 * rand(generator, count, 1)
    points = stroke_points(count, generator)  # (N, P, 2)
    low, high = points.amin(dim=1, keepdim=True), points.amax(dim=1, keepdim=True)
    extent = (high - low).amax(dim=2, keepdim=True).clamp(min=0.2)
    size = (FULL_SIZE * min(height, width) - 2 * pen).unsqueeze(2) / extent
    middle = torch.tensor([(height - 1) / 2, (width - 1) / 2], device=device)
    points = (points - (low + high) / 2) * size + middle
    rows = torch.arange(height, device=device).repeat_interleave(width)
    columns = torch.arange(width, device=device).repeat(height)
    grid = torch.stack([rows, columns], dim=1).float()  # (H * W, 2)
    nearest = [
        torch.cdist(grid, part).amin(dim=2) for part in points.split(DRAWN_AT_ONCE)
    ]
    ink = (pen + 0.5 - torch.cat(nearest)).clamp(0, 1)
    return 255 * ink.view(count, height, width)


def stroke_points(count: int, generator: torch.Generator) -> Tensor:
    """Return points along each picture's strokes, (N, strokes * points, 2), in 0..1."""
    starts, ends = stroke_ends(count, generator)
    bend = BEND * (2 * rand(generator, count, STROKES, 2) - 1)
    bend = bend * chance(generator, 0.5, count, STROKES, 1)
    middle = (starts + ends) / 2 + bend  # of a quadratic curve
    way = torch.linspace(0, 1, POINTS, device=generator.device).view(-1, 1)
    curves = (1 - way) ** 2 * starts.unsqueeze(2)
    curves = curves + 2 * way * (1 - way) * middle.unsqueeze(2)
    curves = curves + way**2 * ends.unsqueeze(2)  # (N, strokes, points, 2)
    shown = torch.tensor(STROKE_SHOWN, device=generator.device).view(1, -1, 1, 1)
    is_shown = rand(generator, count, STROKES, 1, 1) < shown
    return torch.where(is_shown, curves, curves[:, :1]).flatten(1, 2)


def stroke_ends(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return where strokes start and end, (N, strokes, 2) each, as in writing.

    Of those after the first most begin where the one before did or ended, and many
    are upright or level.
    """
    starts, ends = rand(generator, 2, count, STROKES, 2)
    joins, turns, aligns, lies = (
        chance(generator, share, STROKES, count, 1) for share in (0.6, 0.5, 0.4, 0.5)
    )
    axis = torch.tensor([True, False], device=generator.device)
    for place in range(1, STROKES):
        before = torch.where(turns[place], starts[:, place - 1], ends[:, place - 1])
        starts[:, place] = torch.where(joins[place], before, starts[:, place])
        same = aligns[place] & (lies[place] == axis)  # (N, 2)
        ends[:, place] = torch.where(same, starts[:, place], ends[:, place])
    return starts, ends


def halves(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Join a part of one image with the opposite part of another."""
    first, second = (some(images, count, generator) for _ in range(2))
    height, width = images.shape[1:]
    rows = torch.arange(height, device=images.device).view(1, -1, 1) / height
    columns = torch.arange(width, device=images.device).view(1, 1, -1) / width
    cut = 0.35 + 0.3 * rand(generator, count, 1, 1)
    across = chance(generator, 0.5, count, 1, 1)
    return torch.where(torch.where(across, rows < cut, columns < cut), first, second)


def overlaid(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Lay an image upside down over another one."""
    first, second = (some(images, count, generator) for _ in range(2))
    turned = second.transpose(1, 2) if images.shape[1] == images.shape[2] else second
    return torch.maximum(first, turned.flip(1))


def shuffled(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Cut an image into four by four tiles and lay them down anew."""
    chosen = some(images, count, generator)
    height, width = (side // 4 for side in images.shape[1:])
    tiles = chosen[:, : 4 * height, : 4 * width].reshape(count, 4, height, 4, width)
    tiles = tiles.transpose(2, 3).reshape(count, 16, height, width)
    order = rand(generator, count, 16).argsort(dim=1)
    tiles = tiles.gather(1, order.view(count, 16, 1, 1).expand_as(tiles))
    chosen[:, : 4 * height, : 4 * width] = (
        tiles.view(count, 4, 4, height, width)
        .transpose(2, 3)
        .reshape(count, 4 * height, 4 * width)
    )
    return chosen


def blobs(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Draw smooth shapes in a window, some filled, some with a grain."""
    height, width = images.shape[1:]
    knots = torch.randn((count, 1, 5, 5), generator=generator, device=images.device)
    smooth = interpolate(knots, (height, width), mode="bicubic", align_corners=True)
    sharpness = 1 + 40 * rand(generator, count, 1, 1).square()
    grain = 1 - rand(generator, count, 1, 1) * rand(generator, count, height, width)
    top, left = 0.4 * rand(generator, 2, count, 1, 1)
    rows = torch.arange(height, device=images.device).view(1, -1, 1) / height
    columns = torch.arange(width, device=images.device).view(1, 1, -1) / width
    window = (rows >= top) & (rows < 1 - top) & (columns >= left) & (columns < 1 - left)
    shapes: Tensor = torch.sigmoid(smooth[:, 0] * sharpness) * grain * window
    return shapes.mul(255)


def noise(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Draw grains, few and faint to many and strong: at the least, nothing."""
    shape = (count, *images.shape[1:])
    share, level = rand(generator, 2, count, 1, 1)
    is_grain = rand(generator, *shape) < MOST_GRAINS * share
    grains: Tensor = rand(generator, *shape) * level * is_grain
    return grains.mul(255)


# As bright as digits on the whole: batch normalization learns from outliers, too, and
# what is bright (an inverted digit, a shirt) is stopped by the gates.
KINDS: tuple[tuple[float, Draw], ...] = (
    (0.6, strokes),
    (0.15, halves),
    (0.05, overlaid),
    (0.05, shuffled),
    (0.1, blobs),
    (0.05, noise),
)
