"""What the routes of bulk predictions take and answer, as it stands in the document."""

from datetime import timedelta
from uuid import UUID

from app.api.openapi.answers import Json, public_checkpoint, shown
from app.api.openapi.examples import SUBMITTED
from app.api.prediction_schemas import BulkPublic
from app.api.schemas import Listing
from app.bulk.rows import COLUMNS
from app.states import BulkStatus
from app.vision.reading import Mode

ZIP = {"type": "string", "format": "binary", "contentMediaType": "application/zip"}
FILE = {"file": {"summary": "The zip itself", "value": "digits.zip"}}
ARCHIVE: Json = {
    "required": True,
    "content": {
        "application/zip": {"schema": ZIP, "examples": FILE},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {**ZIP, "description": "The zip."}},
            },
            "examples": {
                "archive": {"summary": "A zip", "value": {"file": "digits.zip"}}
            },
        },
    },
}
WAITING = BulkPublic(
    id=UUID("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"),
    status=BulkStatus.QUEUED,
    is_terminal=False,
    created_at=SUBMITTED,
    started_at=None,
    finished_at=None,
    checkpoint=public_checkpoint(),
    preprocess=Mode.AUTO,
    size_bytes=2_540_022,
    images=10_000,
    images_done=0,
    images_refused=0,
    error=None,
)
DONE = WAITING.model_copy(
    update={
        "status": BulkStatus.SUCCEEDED,
        "is_terminal": True,
        "started_at": SUBMITTED + timedelta(seconds=1),
        "finished_at": SUBMITTED + timedelta(seconds=5),
        "images_done": 10_000,
        "images_refused": 3,
    }
)
CREATED: Json = {
    **shown("The zip is stored and waits.", waiting=WAITING),
    "headers": {
        "Location": {
            "description": "Where the bulk prediction is shown.",
            "schema": {"type": "string", "format": "uri-reference"},
        }
    },
}
SHOWN = shown("How far it is.", waiting=WAITING, done=DONE)
PAGE = shown(
    "One page of bulk predictions.",
    one_page=Listing(data=[DONE], first_id=str(DONE.id), last_id=str(DONE.id)),
    none_yet=Listing[BulkPublic](data=[]),
)
NDJSON_ROWS = (
    '{"file": "7.png", "label": "7", "confidence": 0.99, "known": true, '
    '"reason": null, "score": null, "threshold": null, '
    '"probabilities": {"1": 0.01, "7": 0.99}}\n'
    '{"file": "notes.txt", "error": {"code": "not_an_image", '
    '"message": "The file is not a PNG, JPEG or WebP image."}}\n'
)
CSV_ROWS = (
    ",".join(COLUMNS) + "\r\n7.png,7,0.99,True,,,\r\nnotes.txt,,,,,not_an_image,"
    '"The file is not a PNG, JPEG or WebP image."\r\n'
)
RESULT: Json = {
    "description": "A row for each file.",
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "string", "description": "A JSON object a line."},
            "examples": {"two": {"summary": "Two files", "value": NDJSON_ROWS}},
        },
        "text/csv": {
            "schema": {"type": "string"},
            "examples": {"two": {"summary": "Two files", "value": CSV_ROWS}},
        },
    },
    "headers": {
        "Content-Disposition": {
            "description": "Names the file after the prediction.",
            "schema": {"type": "string"},
        }
    },
}
