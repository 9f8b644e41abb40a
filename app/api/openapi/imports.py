"""What the import of a checkpoint takes and answers, as it stands in the document."""

from fastapi.exceptions import RequestValidationError

from app.api.model_schemas import ImportPublic, VersionPublic
from app.api.openapi import examples
from app.api.openapi.answers import Json, shown
from app.api.openapi.uploads import BINARY

FORM: Json = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "array",
                        "items": BINARY,
                        "description": "A zip, or a .safetensors file and, unless it "
                        "carries a card itself, a .json with `architecture` (layers or "
                        "a name), `class_names` and, where they differ from the usual, "
                        "`preprocessing`, `preprocess`, `temperature`.",
                    },
                    "preprocess": {
                        "type": "string",
                        "enum": ["auto", "mnist", "none", "plain"],
                        "description": "How `/predict` reads pictures for it; by "
                        "default as the card says, else `auto` for digits and `plain` "
                        "for anything else.",
                    },
                },
            },
            "examples": {
                "export": {
                    "summary": "The zip of an export",
                    "value": {"file": ["modelmill-export.zip"]},
                },
                "bare": {
                    "summary": "Weights, and what they mean",
                    "value": {
                        "file": ["model.safetensors", "card.json"],
                        "preprocess": "plain",
                    },
                },
            },
        }
    },
}
WRONG_TENSOR = RequestValidationError(
    [
        {
            "type": "wrong_shape",
            "loc": ("body", "file"),
            "msg": "The tensor `0.weight` has the shape [32, 1, 5, 5]; the layer needs "
            "[32, 1, 3, 3].",
        }
    ]
)
IMPORTED = shown(
    "The version.",
    second=VersionPublic(
        number=2,
        created_at=examples.FINISHED,
        checkpoint_id=examples.CHECKPOINT_ID,
        job_id=None,
        epoch=0,
        imported=ImportPublic(
            created_at=examples.FINISHED,
            files=["modelmill-export.zip"],
            preprocess="auto",
            weights_sha256="9f86d081884c7d659a2feaa0c55ad015"
            "a3bf4f1b2b0b822cd15d6c15b0f00a08",
            claimed_job_id=str(examples.JOB_ID),
            claimed_epoch=2,
        ),
    ),
)
