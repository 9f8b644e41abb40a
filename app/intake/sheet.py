"""A contact sheet: a row for each class, with its name and some of its images."""

import io

import numpy as np
from PIL import Image, ImageDraw

from app.library import Content
from app.vision.pixels import SIDE

COLUMNS = 12
MOST_ROWS = 60
LABEL_WIDTH, GAP = 120, 4
LONGEST_LABEL = 18
PAPER, INK = 255, 0


def contact_sheet(content: Content) -> bytes:
    """Return a PNG; of many classes the first sixty."""
    names = content.class_names[:MOST_ROWS]
    step = SIDE + GAP
    size = (LABEL_WIDTH + COLUMNS * step + GAP, len(names) * step + GAP)
    sheet = Image.new("L", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    for row, name in enumerate(names):
        top = GAP + row * step
        # The font that Pillow carries has no other letters.
        label = name.encode("ascii", "replace").decode()[:LONGEST_LABEL]
        pen.text((GAP, top + SIDE // 3), label, fill=INK)
        places = np.nonzero(content.train.labels == row)[0][:COLUMNS]
        for column, place in enumerate(places):
            tile = Image.fromarray(content.train.images[place])
            sheet.paste(tile, (LABEL_WIDTH + column * step, top))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()
