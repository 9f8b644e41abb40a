"""The kinds of file that a figure can be; known without loading what draws."""

from enum import StrEnum


class FigureFormat(StrEnum):
    """How a figure leaves."""

    SVG = "svg"
    PNG = "png"
