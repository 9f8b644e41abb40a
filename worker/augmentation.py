"""Random changes of training images, drawn anew for each image.

All that moves ink is one map from each pixel of the result to a place in the source,
so an image is resampled once however many changes it gets.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from app.spec.augmentation import (
    LARGEST_SCALE,
    LARGEST_SHEAR,
    LARGEST_THICKNESS,
    Augmentation,
)
from worker.pen import with_other_pens

ELASTIC_MARGIN = 2  # knots beyond each border, so that borders move as the middle does


@dataclass(frozen=True)
class Placement:
    """How each of N images is turned and moved: one number an image, (N,)."""

    angle: Tensor  # radians, clockwise
    shear: Tensor  # columns a row is shifted for each row below the centre
    size: Tensor  # 1.1: a tenth larger
    mirror: Tensor  # -1 or 1
    right: Tensor  # pixels
    down: Tensor  # pixels


def augment(
    images: Tensor, augmentation: Augmentation, generator: torch.Generator
) -> Tensor:
    """Return images (N, C, H, W), each changed by at most the augmentation's values.

    The generator is on the images' device. What moves in from outside is 0, the
    background; so is what is erased.
    """
    chosen = at_strength(augmentation)
    if chosen.strength == 0:
        return images
    if moves_ink(chosen):
        placement = draw_placement(len(images), chosen, generator)
        grid = source_places(placement, images.shape)
        if chosen.elastic:
            grid = grid + draw_elastic(images.shape, chosen, generator)
        images = resample(images, grid)
    if chosen.thickness:
        images = with_other_pens(images, chosen.thickness, generator)
    if chosen.erase:
        images = images * draw_holes(images.shape, chosen.erase, generator)
    return images


def at_strength(augmentation: Augmentation) -> Augmentation:
    """Return the values times their strength.

    Strength may carry a value past its own bound, where an image would be turned
    inside out or wholly erased; there it stays at the bound.
    """
    strength = augmentation.strength
    return augmentation.model_copy(
        update={
            "translate": augmentation.translate * strength,
            "rotate": augmentation.rotate * strength,
            "scale": min(augmentation.scale * strength, LARGEST_SCALE),
            "shear": min(augmentation.shear * strength, LARGEST_SHEAR),
            "elastic": augmentation.elastic * strength,
            "thickness": min(augmentation.thickness * strength, LARGEST_THICKNESS),
            "erase": min(augmentation.erase * strength, 1.0),
        }
    )


def moves_ink(chosen: Augmentation) -> bool:
    amounts = (chosen.translate, chosen.rotate, chosen.scale, chosen.shear)
    return chosen.flip or any(amounts) or chosen.elastic > 0


def draw_placement(
    count: int, chosen: Augmentation, generator: torch.Generator
) -> Placement:
    """Draw each value evenly between its most and its least, independently."""
    drawn = torch.rand(6, count, generator=generator, device=generator.device)
    angle, shear, size, right, down, side = drawn * 2 - 1
    unmirrored = torch.ones_like(side)
    return Placement(
        angle=angle * math.radians(chosen.rotate),
        shear=torch.tan(shear * math.radians(chosen.shear)),
        size=1 + size * chosen.scale,
        mirror=unmirrored.copysign(side) if chosen.flip else unmirrored,
        right=right * chosen.translate,
        down=down * chosen.translate,
    )


def source_places(placement: Placement, shape: torch.Size) -> Tensor:
    """Return where each pixel of the result comes from, (N, 2, H, W).

    Row 0 is x and row 1 is y, both 0 at the centre and 1 at the outermost pixels'
    centres, as grid_sample wants them.
    """
    _, _, height, width = shape
    across, down = centred(width, placement.angle), centred(height, placement.angle)
    columns, rows = across.repeat(height), down.repeat_interleave(width)
    pixels = torch.stack([columns, rows, torch.ones_like(rows)])  # (3, H * W)
    places = inverse_matrix(placement) @ pixels  # (N, 2, H * W)
    return places.view(-1, 2, height, width) * per_pixel(shape, places)


def inverse_matrix(placement: Placement) -> Tensor:
    """Return what leads from a result's pixel back to its source, (N, 2, 3).

    The ink is mirrored, sheared, scaled, turned and shifted, in this order, about
    the image's centre; here each is undone, the last first.
    """
    cosine = torch.cos(placement.angle) / placement.size
    sine = torch.sin(placement.angle) / placement.size
    upright = torch.stack([cosine, sine, -sine, cosine], dim=1).view(-1, 2, 2)
    mirror, zero = placement.mirror, torch.zeros_like(placement.mirror)
    straight = torch.stack(
        [mirror, -mirror * placement.shear, zero, zero + 1], dim=1
    ).view(-1, 2, 2)
    linear = straight @ upright
    shift = torch.stack([placement.right, placement.down], dim=1).unsqueeze(2)
    return torch.cat([linear, -linear @ shift], dim=2)


def draw_elastic(
    shape: torch.Size, chosen: Augmentation, generator: torch.Generator
) -> Tensor:
    """Draw smooth moves, (N, 2, H, W), in the units of source_places.

    White noise smoothed by a Gaussian (Simard et al. 2003), but drawn only at knots
    one standard deviation apart, which gives the same field for a fifth of the
    random numbers. In each image the pixel that moves most moves by an even share
    of the most allowed.
    """
    count, _, height, width = shape
    device = generator.device
    down = gaussian_basis(height, chosen.elastic_smoothness, device)
    across = gaussian_basis(width, chosen.elastic_smoothness, device)
    knots = (count, 2, down.shape[1], across.shape[1])
    noise = torch.randn(knots, generator=generator, device=device)
    moves = down @ noise @ across.T  # (N, 2, H, W)
    furthest = moves.square().sum(dim=1, keepdim=True).amax(dim=(2, 3), keepdim=True)
    share = torch.rand(count, 1, 1, 1, generator=generator, device=device)
    amount = share * chosen.elastic * furthest.rsqrt()
    return moves * (amount * per_pixel(shape, moves))


def gaussian_basis(side: int, smoothness: float, device: torch.device) -> Tensor:
    """Return the weight of each knot at each pixel, (side, knots)."""
    inside = math.ceil((side - 1) / smoothness) + 1
    knots = torch.arange(-ELASTIC_MARGIN, inside + ELASTIC_MARGIN, device=device)
    pixels = torch.arange(side, device=device).unsqueeze(1) / smoothness
    return torch.exp(-(pixels - knots).square() / 2)


def draw_holes(
    shape: torch.Size, largest_share: float, generator: torch.Generator
) -> Tensor:
    """Return 0 in one random rectangle an image and 1 elsewhere, (N, 1, H, W)."""
    count, _, height, width = shape
    drawn = torch.rand(4, count, 1, generator=generator, device=generator.device)
    rows = inside_span(height, drawn[0] * largest_share, drawn[1])
    columns = inside_span(width, drawn[2] * largest_share, drawn[3])
    return 1 - (rows.unsqueeze(2) * columns.unsqueeze(1)).unsqueeze(1)


def inside_span(side: int, share: Tensor, position: Tensor) -> Tensor:
    """Return 1 where a pixel's centre lies in a span of that share, (N, side)."""
    centres = torch.arange(side, device=share.device) + 0.5
    length = share * side
    start = position * (side - length)
    return ((centres >= start) & (centres < start + length)).float()


def resample(images: Tensor, places: Tensor) -> Tensor:
    """Return the images read at places (N, 2, H, W), bilinearly, 0 outside."""
    return grid_sample(
        images,
        places.permute(0, 2, 3, 1),
        mode="bilinear",
        padding_mode="zeros",
        align_corners=True,
    )


def centred(side: int, like: Tensor) -> Tensor:
    return torch.arange(side, device=like.device) - (side - 1) / 2


def per_pixel(shape: torch.Size, like: Tensor) -> Tensor:
    """Return what one pixel is in grid_sample's units, (2, 1, 1), x before y."""
    sides = torch.tensor([shape[3], shape[2]], device=like.device)
    return (2 / (sides - 1).clamp(min=1)).view(2, 1, 1)
