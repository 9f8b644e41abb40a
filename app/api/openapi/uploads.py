"""The bodies that /predict takes, as they stand in the document."""

from typing import Any

from app.api.image_bodies import ImagesInJson
from app.api.openapi.pictures import PNG
from app.api.queries import inline

Json = dict[str, Any]

BINARY = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "application/octet-stream",
}
FORM = {
    "type": "object",
    "properties": {
        "image": {**BINARY, "title": "Image", "description": "One picture."},
        # The example makes Swagger UI show a file picker at once.
        "images": {
            "type": "array",
            "items": BINARY,
            "examples": [[""]],
            "title": "Images",
            "description": "Several pictures, an item for each.",
        },
    },
}
UPLOADS = {
    "one_picture": {"summary": "One picture", "value": {"image": "seven.png"}},
    "several_pictures": {
        "summary": "Several pictures",
        "value": {"images": ["seven.png", "two.jpg"]},
    },
}
STROKE = [0] * 12 + [255] * 3 + [0] * 13
IN_JSON = {
    "file": {
        "summary": "A file in base64",
        "value": {"images": [{"name": "seven.png", "image": PNG}]},
    },
    "pixels": {
        "summary": "Grey levels",
        "value": {
            "images": [{"pixels": [[0] * 28] * 4 + [STROKE] * 20 + [[0] * 28] * 4}]
        },
    },
}


def whole_body(media_type: str, name: str) -> Json:
    return {
        "schema": {**BINARY, "contentMediaType": media_type},
        "examples": {"file": {"summary": "The file itself", "value": name}},
    }


IMAGES: Json = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": FORM, "examples": UPLOADS},
        "application/json": {
            "schema": inline(ImagesInJson.model_json_schema()),
            "examples": IN_JSON,
        },
        "image/png": whole_body("image/png", "seven.png"),
        "image/jpeg": whole_body("image/jpeg", "seven.jpg"),
        "image/webp": whole_body("image/webp", "seven.webp"),
        "application/octet-stream": whole_body("application/octet-stream", "seven.png"),
    },
}
