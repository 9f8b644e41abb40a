"""A contact sheet: a row for each class, with its name and some of its images."""

import io

import numpy as np
from PIL import Image, ImageDraw

from app.library import Content

COLUMNS = 12
MOST_ROWS = 60
LABEL_WIDTH, GAP = 120, 4
LEAST_HEIGHT = 14  # of a row, for its name
LONGEST_LABEL = 18
PAPER, INK = "white", "black"


def contact_sheet(content: Content) -> bytes:
    """Return a PNG; of many classes the first sixty."""
    names = content.class_names[:MOST_ROWS]
    channels, height, width = content.shape
    down, across = max(height, LEAST_HEIGHT) + GAP, width + GAP
    size = (LABEL_WIDTH + COLUMNS * across + GAP, len(names) * down + GAP)
    sheet = Image.new("L" if channels == 1 else "RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    for row, name in enumerate(names):
        top = GAP + row * down
        # The font that Pillow carries has no other letters.
        label = name.encode("ascii", "replace").decode()[:LONGEST_LABEL]
        pen.text((GAP, top + height // 3), label, fill=INK)
        places = np.nonzero(content.train.labels == row)[0][:COLUMNS]
        for column, place in enumerate(places):
            tile = Image.fromarray(content.train.images[place])
            sheet.paste(tile, (LABEL_WIDTH + column * across, top))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()
