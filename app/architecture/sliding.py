"""How often a window fits along one side: the tutorial's formula, in numbers."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Slide:
    """A window that slides along one side of a picture."""

    side: int
    window: int
    stride: int
    before: int
    after: int
    is_same: bool

    @property
    def padded(self) -> int:
        return self.before + self.side + self.after

    @property
    def output(self) -> int:
        return (self.padded - self.window) // self.stride + 1

    @property
    def is_whole(self) -> bool:
        """Whether the last window ends where the padded picture ends."""
        return (self.padded - self.window) % self.stride == 0

    def equation(self) -> str:
        """Write (W - F + 2P)/S + 1 with its result, whole or not."""
        if self.is_same and not self.is_whole:
            return f"ceil({self.side}/{self.stride}) = {self.output}"
        padding = f"2·{self.before}"
        if self.before != self.after:
            padding = f"{self.before} + {self.after}"
        terms = f"({self.side} {MINUS} {self.window} + {padding})/{self.stride} + 1"
        result = (self.padded - self.window) / self.stride + 1
        return f"{terms} = {result:.8g}"


def slide(
    side: int, window: int, stride: int, padding: int | Literal["same", "valid"]
) -> Slide:
    """Lay out the padding; `same` is TensorFlow's, with the odd pixel at the end."""
    if padding == "same":
        total = max((ceil(side / stride) - 1) * stride + window - side, 0)
        before = total // 2
        return Slide(side, window, stride, before, total - before, is_same=True)
    around = 0 if padding == "valid" else padding
    return Slide(side, window, stride, around, around, is_same=False)
