"""The table that every benchmark prints, and its last line for programs."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Target:
    """A figure that was promised, and what this run measured."""

    value: float
    target: float
    met: bool


def at_least(value: float, target: float) -> Target:
    return Target(round(value, 4), target, value >= target)


def at_most(value: float, target: float) -> Target:
    return Target(round(value, 4), target, value <= target)


def print_rows(rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


def print_targets(targets: dict[str, Target], *, as_json: bool) -> None:
    """Print each target; with as_json end in one line that a program can read."""
    for name, target in targets.items():
        verdict = "met" if target.met else "MISSED"
        print(f"{name}: {target.value} (target {target.target}) {verdict}")
    if as_json:
        named = {name: asdict(target) for name, target in targets.items()}
        print(json.dumps({"targets": named}))
