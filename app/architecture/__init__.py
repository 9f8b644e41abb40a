"""Networks as data: what they may be made of, their arithmetic, and their limits."""

from app.architecture.architecture import (
    Architecture,
    ArchitectureChoice,
    missing_dropouts,
    named_architecture,
)
from app.architecture.by_hand import refusals_by_hand
from app.architecture.check import check_architecture
from app.architecture.contents import part_of
from app.architecture.faults import Fault, refusal
from app.architecture.initial_weights import (
    InitialWeights,
    NormalWeights,
    ScaledWeights,
)
from app.architecture.layers import Layer, kind_of
from app.architecture.named import NAMED, ArchitectureName
from app.architecture.steps import Shape
from app.architecture.trace import Row, Trace, trace
from app.architecture.weights import (
    for_other_classes,
    misfits,
    starting_weights,
    weight_shapes,
)

__all__ = [
    "NAMED",
    "Architecture",
    "ArchitectureChoice",
    "ArchitectureName",
    "Fault",
    "InitialWeights",
    "Layer",
    "NormalWeights",
    "Row",
    "ScaledWeights",
    "Shape",
    "Trace",
    "check_architecture",
    "for_other_classes",
    "kind_of",
    "misfits",
    "missing_dropouts",
    "named_architecture",
    "part_of",
    "refusal",
    "refusals_by_hand",
    "starting_weights",
    "trace",
    "weight_shapes",
]
