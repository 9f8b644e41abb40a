"""What every figure stands on: a white page, a few colours, the same bytes each time.

Figures are made without pyplot, whose list of open figures belongs to all threads.
"""

from io import BytesIO

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.figures.format import FigureFormat

# From the palette of Okabe and Ito, which the colour-blind can tell apart.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#6E6E6E"
PALE = "#D9D9D9"
SMALL, NORMAL, LARGE = 8, 9, 11
LONGEST_NAME = 16


DPI = {FigureFormat.SVG: 72, FigureFormat.PNG: 144}


def new_figure(width: float, height: float, title: str) -> Figure:
    """Return an empty page of a size in inches, with its title on top."""
    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    figure.suptitle(title, fontsize=LARGE, fontweight="bold")
    return figure


def tidy(axes: Axes) -> None:
    """Leave of the frame what carries the scales, and draw a grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True, color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def printable(name: str) -> str:
    """Return a class name that fits and that XML can hold."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def render(figure: Figure, kind: FigureFormat) -> bytes:
    """Return a figure as a file; equal figures are equal files."""
    # Ids in an SVG are random without it. Every thread sets the same for good.
    matplotlib.rcParams["svg.hashsalt"] = "modelmill"
    file = BytesIO()
    about = {"Title": figure.get_suptitle(), "Date": None}
    figure.savefig(file, format=kind, dpi=DPI[kind], metadata=about)
    return file.getvalue()
