"""What the catalogue's routes answer, and a dry run, as it stands in the document."""

from datetime import timedelta

from app import spec
from app.api.openapi import examples
from app.api.openapi.answers import JSON, Json, shown
from app.api.schemas import Listing
from app.api.tables import DryRun, PresetPublic, table_of
from app.architecture import Architecture, named_architecture
from app.spec import TrainingSpec

LENET = TrainingSpec(seed=0, architecture=named_architecture("lenet5"))

ARCHITECTURES = shown(
    "The architectures.",
    two_of_them=Listing[Architecture](
        data=[named_architecture("mlp"), named_architecture("lenet5")]
    ),
)
DESCRIBED_ARCHITECTURE = shown("A row for each layer.", lenet5=table_of(LENET))
PRESETS = shown(
    "The presets.",
    tutorial=Listing[PresetPublic](
        data=[
            PresetPublic(
                name="tutorial",
                values={},
                values_by_dataset={},
                values_for_other_sizes={},
                spec=TrainingSpec(seed=0),
                purpose=spec.PRESETS["tutorial"].purpose,
                measured=spec.PRESETS["tutorial"].measured,
            )
        ]
    ),
)
SPEC_SCHEMA: Json = {
    "description": "A JSON Schema (2020-12).",
    "content": {
        JSON: {
            "examples": {
                "beginning": {
                    "summary": "How it begins",
                    "value": '{"title": "JobRequest", "type": "object"}',
                }
            }
        }
    },
}
DRY_RUN: Json = {
    **shown(
        "What the job would be; nothing was stored.",
        lenet5=DryRun(
            spec=LENET,
            network=table_of(LENET),
            position=2,
            estimated_start_at=examples.SUBMITTED + timedelta(minutes=3),
            estimated_seconds=41.5,
        ),
    ),
    "model": DryRun,
}
