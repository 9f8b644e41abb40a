"""The body of an answer to feature-maps: a sheet for each layer."""

from typing import Literal

from pydantic import BaseModel, Field

from app.api.schemas import CheckpointPublic


class LayerMapsPublic(BaseModel):
    """What one layer puts out, a tile for each channel, row by row."""

    name: str = Field(description="As `POST /architectures/describe` names it.")
    kind: str
    output_shape: list[int] = Field(
        description="Channels, height and width; or features."
    )
    columns: int = Field(description="Tiles in a row.")
    rows: int
    low: float = Field(description="The smallest number; blue if it is below 0.")
    high: float = Field(description="The largest number; white if it is above 0.")
    png: str = Field(
        description="A PNG file in base64, a pixel for each number.",
        json_schema_extra={"contentMediaType": "image/png"},
    )


class FeatureMaps(BaseModel):
    """What each layer of a checkpoint's network makes of a picture."""

    object: Literal["feature_maps"] = "feature_maps"
    layers: list[LayerMapsPublic]
    checkpoint: CheckpointPublic
