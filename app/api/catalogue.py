"""What a job can be made of: architectures, presets, and the schema of a spec."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body

from app.api.examples import DESCRIPTIONS
from app.api.openapi import catalogue as answers
from app.api.schemas import Listing
from app.api.tables import LayerTable, PresetPublic, layer_table
from app.architecture import NAMED, Architecture, named_architecture
from app.spec import PRESETS, FittedArchitecture, JobRequest, TrainingSpec

router = APIRouter(tags=["catalogue"])

Description = Annotated[FittedArchitecture, Body(openapi_examples=DESCRIPTIONS)]


@router.get("/architectures", responses={HTTPStatus.OK: answers.ARCHITECTURES})
def list_architectures() -> Listing[Architecture]:
    """List the architectures that have a name.

    Each is data that `POST /jobs` takes as it is, or changed; its name alone will do.
    `classes` stands for as many as the dataset has.
    """
    return Listing(data=[named_architecture(name) for name in NAMED])


@router.post(
    "/architectures/describe", responses={HTTPStatus.OK: answers.DESCRIBED_ARCHITECTURE}
)
def describe_architecture(asked: Description) -> LayerTable:
    """Show what an architecture makes of a picture.

    A row for each layer: output shape, parameters, multiply-adds and memory, and the
    arithmetic in numbers. What cannot work is refused as `POST /jobs` would refuse it.
    """
    return layer_table(asked.architecture, asked.pictures.shape, asked.network)


@router.get("/presets", responses={HTTPStatus.OK: answers.PRESETS})
def list_presets() -> Listing[PresetPublic]:
    """List the presets, what each sets and what it reached.

    A job's own values go before those of its preset.
    """
    data = [
        PresetPublic(
            name=name,
            purpose=preset.purpose,
            values=preset.values,
            values_by_dataset=preset.values_by_dataset,
            values_for_other_sizes=preset.values_for_other_sizes,
            spec=TrainingSpec.model_validate({"seed": 0, "preset": name}),
            measured=preset.measured,
        )
        for name, preset in PRESETS.items()
    ]
    return Listing(data=data)


@router.get("/schemas/training-spec", responses={HTTPStatus.OK: answers.SPEC_SCHEMA})
def get_spec_schema() -> dict[str, Any]:
    """Show the JSON Schema of the body of `POST /jobs`.

    It names every hyperparameter with its meaning, bounds and default, for forms and
    editors; what depends on several values at once, only the service can check.
    """
    return JobRequest.model_json_schema()
