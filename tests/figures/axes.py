"""What a drawn figure says, panel by panel."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure


def words_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def labels_of(figure: Figure) -> list[tuple[str, str]]:
    """Return what stands beside the two scales of each panel."""
    return [(axes.get_xlabel(), axes.get_ylabel()) for axes in figure.axes]
