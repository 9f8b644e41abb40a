"""Prometheus's text format, version 0.0.4: names, help, labels, numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """Numbers of one name, told apart by their labels."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    samples: Iterable[tuple[str, Labels, float]]

    def lines(self) -> Iterable[str]:
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for suffix, labels, number in self.samples:
            yield f"{self.name}{suffix}{label_text(labels)} {number!r}"


def label_text(labels: Labels) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{value.translate(ESCAPES)}"' for name, value in labels.items())
    return "{" + ",".join(pairs) + "}"


def single(number: float) -> list[tuple[str, Labels, float]]:
    return [("", {}, float(number))]


def write_page(families: Iterable[Family]) -> str:
    return "".join(f"{line}\n" for family in families for line in family.lines())
