"""A picture on the way to a digit: what is written on it, first roughly, then well."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from app.vision.digits import Digit, likeliest_digit, torn_parts
from app.vision.grey import enlarged, to_grey
from app.vision.ink import Ink, fine_ink, flat_ink, rough_ink, smoothed
from app.vision.paper import around_each, flat_paper
from app.vision.pixels import Pixels, Polarity
from app.vision.ruling import ruled_lines
from app.vision.sheet import find_sheet
from app.vision.strokes import Box, Mask, Strokes, find_strokes, stroke_width

# A digit of a sixth of the picture still has MNIST's 20 pixels and more.
LONGEST_SIDE = 320
POLARITIES: tuple[Polarity, ...] = ("dark_on_light", "light_on_dark")
FINE_MARGIN = 0.25
# Of the stroke's width: a shadow that crosses the digit is wider.
FINE_WINDOW = 2.5
FINE_WINDOW_MARGIN = 2.0
SMALLEST_WINDOW = 9.0
REACH = 0.12
# Of the longer side. A window must be wider than a stroke and narrower than a shadow:
# 0.08, 0.12, 0.14, 0.18 and 0.25 read 95, 97.1, 97.1, 96 and 93 % of development
# photos. A broad marker's stroke may be wider, and is looked at once more.
ROUGH_WINDOW = 0.14
WIDE_WINDOW = 0.22
THICK_STROKE = 0.04
FULLER = 1.2
LIKELY = 0.5
ALONE = 0.8
TORN_MARGIN = 5  # with the blurred edge of what is taken out


@dataclass(frozen=True, eq=False)
class Page:
    """The part of a picture that is written on, in grey."""

    grey: Pixels
    sheet: Mask | None
    corner: tuple[int, int]
    scale: float

    def in_picture(self, box: Box) -> Box:
        """Return a box in the pixels of the picture that was sent."""
        left, top = self.corner
        edges = (box.left + left, box.top + top, box.right + left, box.bottom + top)
        return Box(*(round(edge * self.scale) for edge in edges))


@dataclass(frozen=True, eq=False)
class Writing:
    """All strokes of a page, the likeliest digit, and where lines were printed."""

    page: Page
    strokes: Strokes
    digit: Digit
    lines: Mask | None

    @property
    def share_of_ink(self) -> float:
        return self.digit.weight / sum(part.weight for part in self.strokes.parts)


def page_of(image: Image.Image) -> Page:
    grey = enlarged(to_grey(image, LONGEST_SIDE))
    scale = max(image.size) / max(grey.shape)
    sheet = find_sheet(grey)
    if sheet is None:
        return Page(grey, None, (0, 0), scale)
    rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    paper = np.uint8(np.median(grey[sheet > 0]))
    cut = np.where(sheet[area] > 0, grey[area], paper)
    corner = (int(columns[0]), int(rows[0]))
    return Page(cut, np.ascontiguousarray(sheet[area]), corner, scale)


def find_writing(page: Page) -> Writing | None:
    """Read the page as dark on light and as light on dark; keep what is likelier."""
    paper = flat_paper(page.grey) if page.sheet is None else None
    if paper is not None:
        flat = (flat_ink(page.grey, paper, polarity) for polarity in POLARITIES)
        return likeliest(page, flat)
    first = likeliest(page, rough_inks(page, ROUGH_WINDOW))
    if first is None or is_thin(first):
        return first
    again = likeliest(page, rough_inks(page, WIDE_WINDOW))
    return again if again is not None and is_fuller(again, first) else first


def likeliest(page: Page, inks: Iterable[Ink]) -> Writing | None:
    found = [writing for ink in inks if (writing := written_with(page, ink))]
    return max(found, key=lambda writing: writing.digit.score, default=None)


def rough_inks(page: Page, window: float) -> list[Ink]:
    smooth, around = smoothed(page.grey), around_each(page.grey)
    return [rough_ink(smooth, around, polarity, window) for polarity in POLARITIES]


def is_thin(writing: Writing) -> bool:
    width = stroke_width(writing.strokes.mask(writing.digit.parts))
    return bool(width < THICK_STROKE * max(writing.page.grey.shape))


def is_fuller(wide: Writing, first: Writing) -> bool:
    """Say whether a wider window found a digit where the first lost some of its ink.

    A shadow has more ink too, but it is not as likely, or not alone.
    """
    return (
        wide.digit.weight > FULLER * first.digit.weight
        and wide.digit.likelihood >= max(LIKELY, first.digit.likelihood)
        and wide.share_of_ink >= ALONE
    )


def written_with(page: Page, ink: Ink) -> Writing | None:
    strokes = find_strokes(without(ink, page.sheet))
    # A picture that had to be enlarged is one digit, from edge to edge, on no lines.
    lines = ruled_lines(strokes) if page.scale >= 1 else None
    if lines is not None:
        # What is left of the lines is fainter than ink: flat paper's threshold, made
        # for hairlines, would keep it.
        ink = replace(strokes.ink, levels=strokes.ink.levels * (1 - lines))
        rest = find_strokes(replace(ink, is_flat=False))
        # All of it was a line: then it is a 1, as high as the picture.
        strokes = rest if rest.parts else strokes
    digit = likeliest_digit(strokes, page.sheet)
    if digit is None:
        return None
    writing = Writing(page, strokes, digit, lines)
    again = without_torn_parts(writing)
    is_better = again is not None and again.digit.score > digit.score
    return again if is_better else writing


def without_torn_parts(writing: Writing) -> Writing | None:
    """Look again without pieces of shadow, which hide all ink that is fainter."""
    strokes, page = writing.strokes, writing.page
    torn = torn_parts(strokes, writing.digit, page.sheet)
    if not torn or strokes.ink.is_flat:
        return None
    square = np.ones((TORN_MARGIN, TORN_MARGIN), np.uint8)
    kept = 1 - np.asarray(cv2.dilate(strokes.mask(torn), square), np.uint8)
    rest = find_strokes(without(strokes.ink, kept))
    digit = likeliest_digit(rest, page.sheet)
    return None if digit is None else Writing(page, rest, digit, writing.lines)


def without(ink: Ink, kept: Mask | None) -> Ink:
    """Return the ink where kept is 1."""
    if kept is None:
        return ink
    return replace(ink, levels=ink.levels * kept)


def read_well(writing: Writing, digit: Digit) -> tuple[Strokes, Digit]:
    """Look at one digit again, against paper no wider than it takes.

    On flat paper the first look was as good.
    """
    strokes, page = writing.strokes, writing.page
    if strokes.ink.is_flat:
        return strokes, digit
    mask = strokes.mask(digit.parts)
    area = wider(digit.box, page.grey.shape)
    reach = 2 * round(REACH * digit.box.side) + 1
    kept = np.asarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8)), np.uint8)
    kept[(strokes.labels > 0) & (mask == 0)] = 0
    for barred in (writing.lines, None if page.sheet is None else 1 - page.sheet):
        if barred is not None:
            kept[barred > 0] = 0
    window = max(
        FINE_WINDOW * (stroke_width(mask) + FINE_WINDOW_MARGIN), SMALLEST_WINDOW
    )
    smooth = np.ascontiguousarray(smoothed(page.grey)[area])
    ink = fine_ink(smooth, strokes.ink.polarity, window)
    fine = find_strokes(without(ink, np.ascontiguousarray(kept[area])))
    again = likeliest_digit(fine)
    return (strokes, digit) if again is None else (fine, again)


def wider(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    margin = int(FINE_MARGIN * box.side) + 4
    return (
        slice(max(box.top - margin, 0), min(box.bottom + margin, shape[0])),
        slice(max(box.left - margin, 0), min(box.right + margin, shape[1])),
    )
