"""A curve in one line."""

from collections.abc import Sequence

import pytest

from app.cli.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "width", "curve"),
    [
        pytest.param([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█", id="one column each"),
        pytest.param([0, 0, 1, 1], 2, "▁█", id="means"),
        pytest.param([5, 1], 8, "█▁", id="fewer than columns"),
        pytest.param([3, 3, 3], 3, "▁▁▁", id="flat"),
        pytest.param([1, None, 2], 3, "▁ █", id="a gap"),
        pytest.param([None, 1, 2, 2], 2, "▁█", id="a gap within a column"),
        pytest.param([None, None], 2, "  ", id="nothing finite"),
        pytest.param([], 8, "", id="nothing"),
    ],
)
def test_a_curve(values: Sequence[float | None], width: int, curve: str) -> None:
    assert sparkline(values, width) == curve
