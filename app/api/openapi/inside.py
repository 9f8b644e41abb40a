"""What the routes into a network answer, as it stands in the document."""

from typing import Any

from app.api.inside_schemas import FeatureMaps, LayerMapsPublic
from app.api.openapi.answers import shown
from app.api.openapi.examples import CHECKPOINT
from app.api.openapi.pictures import PNG
from app.api.schemas import CheckpointPublic

Json = dict[str, Any]

UPLOAD: Json = {"one_picture": {"summary": "One picture", "value": {"image": "7.png"}}}
FILTERS: Json = {
    "description": "The sheet of filters.",
    "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    "headers": {
        "Cache-Control": {
            "description": "Kept for good: a checkpoint never changes.",
            "schema": {"type": "string"},
        }
    },
}
FEATURE_MAPS = shown(
    "A sheet for each layer.",
    one_layer=FeatureMaps(
        layers=[
            LayerMapsPublic(
                name="0",
                kind="conv",
                output_shape=[1, 28, 28],
                columns=1,
                rows=1,
                low=-0.8,
                high=2.1,
                png=PNG,
            )
        ],
        checkpoint=CheckpointPublic.model_validate(CHECKPOINT),
    ),
)
