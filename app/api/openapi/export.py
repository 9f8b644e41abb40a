"""What the export of a checkpoint answers, as it stands in the document."""

from app.api.openapi.answers import Json

EXPORT: Json = {
    "description": "The zip.",
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    "headers": {
        "Content-Disposition": {
            "description": "Names the file after checkpoint and format.",
            "schema": {"type": "string"},
        }
    },
}
