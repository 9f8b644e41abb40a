"""What the routes to models take and answer, as it stands in the document."""

from fastapi.openapi.models import Example

from app.api.model_schemas import (
    AliasChangePublic,
    AliasPublic,
    ModelDetail,
    ModelPublic,
    VersionPublic,
)
from app.api.openapi import examples
from app.api.openapi.answers import Json, shown
from app.api.schemas import Listing

NEW_MODEL: dict[str, Example] = {
    "digits": {
        "summary": "A model for digits",
        "value": {"name": "digits", "description": "Reads the forms' digits."},
    }
}
NEW_VERSION: dict[str, Example] = {
    "checkpoint": {
        "summary": "A checkpoint of a job",
        "value": {"checkpoint_id": str(examples.CHECKPOINT_ID)},
    }
}
TARGETS: dict[str, Example] = {
    "first": {
        "summary": "Only if it points at nothing yet",
        "value": {"version": 1, "if_version": 0},
    },
    "next": {
        "summary": "Only if it still points at version 1",
        "value": {"version": 2, "if_version": 1},
    },
    "anyway": {"summary": "Wherever it points", "value": {"version": 2}},
}

CHAMPION = AliasPublic(alias="champion", version=1)
FIRST_MOVE = AliasChangePublic(
    alias="champion", version=1, number=1, created_at=examples.FINISHED
)
ONE = VersionPublic(
    number=1,
    created_at=examples.FINISHED,
    checkpoint_id=examples.CHECKPOINT_ID,
    job_id=examples.JOB_ID,
    epoch=2,
)
NEW = ModelPublic(
    name="digits",
    description="Reads the forms' digits.",
    created_at=examples.FINISHED,
)
DIGITS = NEW.model_copy(update={"aliases": [CHAMPION]})

CREATED: Json = {
    **shown("The model, without a version yet.", new=NEW),
    "headers": {
        "Location": {
            "description": "Where the model is shown.",
            "schema": {"type": "string", "format": "uri-reference"},
        }
    },
}
LISTED = shown(
    "The models.",
    one_model=Listing(data=[DIGITS], first_id="digits", last_id="digits"),
    none_yet=Listing[ModelPublic](data=[]),
)
DETAIL = shown(
    "The model as it is now.",
    one_version=ModelDetail(
        **DIGITS.model_dump(), versions=[ONE], history=[FIRST_MOVE]
    ),
)
VERSION = shown("The version.", first=ONE)
MOVED = shown("The move, as it stands in the model's history.", first=FIRST_MOVE)
