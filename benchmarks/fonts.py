"""Characters drawn in the fonts of this machine, hand-written ones apart."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CANVAS = 200
FONT_SIZE = 96
# Families drawn as a hand writes, by what their files are called.
HANDWRITTEN = (
    "dkg",
    "breip",
    "bwht",
    "femke",
    "humor",
    "klee",
    "leckerli",
    "rufscript",
    "seto",
    "yusei",
    "sjfonts",
    "comic",
    "dancing",
    "kaushan",
    "kristi",
    "kiloji",
    "ecolier",
    "tomson",
    "joscelyn",
    "delphine",
    "stevehand",
)
TO_INSTALL = "apt-get install the fonts that README names under handwriting"
# Keys and circles with digits in them.
PICTORIAL = ("D050000L", "Keyboard", "Symbol")


class Absent(Exception):
    """A set is not on this machine; the message says how to get it."""


def font_files(*, handwritten: bool) -> Iterator[Path]:
    """List installed fonts of one of the two kinds, pictorial ones left out."""
    listing = subprocess.run(
        ["fc-list", "--format", "%{file}\n"], capture_output=True, text=True, check=True
    )
    for line in sorted(set(listing.stdout.splitlines())):
        is_hand = any(word in line.lower() for word in HANDWRITTEN)
        is_outline = line.lower().endswith((".ttf", ".otf", ".ttc"))
        if (
            is_outline
            and is_hand == handwritten
            and not any(p in line for p in PICTORIAL)
        ):
            yield Path(line)


def drawn_with(path: Path, characters: str) -> list[Image.Image]:
    try:
        font = ImageFont.truetype(path, FONT_SIZE)
        return [drawn_character(character, font) for character in characters]
    except OSError:  # damaged, or a size that the font does not have
        return []


def drawn_character(character: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    image = Image.new("L", (CANVAS, CANVAS), 255)
    middle = (CANVAS / 2, CANVAS / 2)
    ImageDraw.Draw(image).text(middle, character, fill=0, font=font, anchor="mm")
    return image
