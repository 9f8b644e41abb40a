"""The bodies that tell of a network before it is trained: a row for each layer."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.architecture import Architecture, Row, Trace
from app.jobs import Preview
from app.spec import TrainingSpec


class LayerPublic(BaseModel):
    """What one layer makes of an image, what it costs, and the arithmetic."""

    name: str = Field(description="Of the layer in the network, and of its weights.")
    pointer: str = Field(description="JSON pointer to the layer in the architecture.")
    kind: str
    input_shape: list[int]
    output_shape: list[int] = Field(
        description="Channels, height and width; or features."
    )
    parameters: int
    parameters_without_sharing: int = Field(
        description="If every place in the image had filters of its own."
    )
    multiply_adds: int = Field(description="For one image, forward.")
    memory_bytes: int = Field(description="Of its output for one image, in fp32.")
    formulas: list[str] = Field(description="Output size and weights, in numbers.")


class TotalsPublic(BaseModel):
    """All layers together; memory is that of all outputs at once, as in training."""

    parameters: int
    parameters_without_sharing: int
    multiply_adds: int
    memory_bytes: int


class LayerTable(BaseModel):
    """A network over pictures of one shape."""

    object: Literal["layer_table"] = "layer_table"
    architecture: Architecture = Field(description="Every default resolved.")
    input_shape: list[int]
    layers: list[LayerPublic]
    totals: TotalsPublic


class DryRun(BaseModel):
    """What a job would be, had it been submitted."""

    object: Literal["dry_run"] = "dry_run"
    spec: TrainingSpec = Field(description="Every hyperparameter, defaults resolved.")
    network: LayerTable
    position: int = Field(description="In the queue; 1 would be next.")
    estimated_start_at: datetime | None = Field(
        description="Null until an epoch was measured, or while no worker is alive."
    )
    estimated_seconds: float | None = Field(
        description="Of training, from the arithmetic and the speed of recent epochs; "
        "null until one was measured."
    )


class PresetPublic(BaseModel):
    """A preset, and what it reached when it was measured."""

    name: str
    purpose: str
    values: dict[str, Any] = Field(description="What it sets; the rest is default.")
    values_by_dataset: dict[str, dict[str, Any]] = Field(
        description="What it sets instead for some datasets."
    )
    values_for_other_sizes: dict[str, Any] = Field(
        description="What it sets instead for your own pictures unless they are 28x28."
    )
    spec: TrainingSpec = Field(
        description="A whole spec made of it; jobs draw seeds of their own."
    )
    measured: str = Field(description="On test images, and on what machine.")


def layer_table(
    architecture: Architecture, input_shape: tuple[int, ...], way: Trace
) -> LayerTable:
    totals = TotalsPublic(
        parameters=way.parameters,
        parameters_without_sharing=way.unshared_parameters,
        multiply_adds=way.multiply_adds,
        memory_bytes=way.memory_bytes,
    )
    return LayerTable(
        architecture=architecture,
        input_shape=list(input_shape),
        layers=[layer_row(row) for row in way.rows],
        totals=totals,
    )


def layer_row(row: Row) -> LayerPublic:
    return LayerPublic(
        name=row.name,
        pointer="/".join(("", *map(str, row.place))),
        kind=row.kind,
        input_shape=list(row.input),
        output_shape=list(row.step.output),
        parameters=row.step.parameters,
        parameters_without_sharing=row.unshared_parameters,
        multiply_adds=row.step.multiply_adds,
        memory_bytes=row.memory_bytes,
        formulas=list(row.step.formulas),
    )


def table_of(spec: TrainingSpec) -> LayerTable:
    shape = spec.pictures.shape
    return layer_table(spec.architecture, shape, spec.network)


def dry_run(preview: Preview) -> DryRun:
    spec, place = preview.spec, preview.place
    return DryRun(
        spec=spec,
        network=table_of(spec),
        position=place.position,
        estimated_start_at=place.estimated_start_at,
        estimated_seconds=preview.estimated_seconds,
    )
