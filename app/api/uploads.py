"""Uploaded pictures: how a form carries them, and what each became or why not."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import File, UploadFile
from fastapi.exceptions import RequestValidationError
from PIL import Image
from pydantic import BeforeValidator

from app.api.openapi.examples import UPLOADS
from app.errors import ImageRefused, ImagesRefused
from app.vision.decoding import decode_image

Found = TypeVar("Found")

BINARY = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "application/octet-stream",
}
OneImage = Annotated[
    UploadFile | None,
    File(description="One picture.", json_schema_extra={"format": "binary"}),
]
# The example makes Swagger UI show a file picker at once; it sends "" for one that
# is left alone, as it does for `image`.
ManyImages = Annotated[
    list[UploadFile] | None,
    BeforeValidator(lambda uploads: [upload for upload in uploads if upload != ""]),
    File(
        description="Several pictures, an item for each.",
        json_schema_extra={"items": BINARY, "examples": [[""]]},
    ),
]
MISSING = {"type": "missing", "loc": ("body", "image"), "msg": "Send a file."}
FORM = {"required": True, "content": {"multipart/form-data": {"examples": UPLOADS}}}


def all_uploads(
    image: UploadFile | None, images: list[UploadFile] | None
) -> list[UploadFile]:
    uploads = [*([image] if image else []), *(images or [])]
    if not uploads:
        raise RequestValidationError([MISSING])
    return uploads


def read_uploads(
    uploads: Sequence[UploadFile],
    max_pixels: int,
    read: Callable[[Image.Image], Found],
) -> list[Found | ImageRefused]:
    """Decode and read each upload; a bad one costs the others nothing.

    Each is read before the next is decoded, so that one picture at a time is large.

    Raises:
        ImagesRefused: None of them could be decoded.
    """
    found: list[Found | ImageRefused] = []
    for upload in uploads:
        try:
            found.append(read(decode_image(upload.file.read(), max_pixels)))
        except ImageRefused as error:
            found.append(error)
    refused = {
        place: (name_of(uploads[place]), error)
        for place, error in enumerate(found)
        if isinstance(error, ImageRefused)
    }
    if len(refused) == len(uploads):
        raise ImagesRefused(refused)
    return found


def name_of(upload: UploadFile) -> str:
    # A client may choose a charset in which a name decodes to half a surrogate.
    return (upload.filename or "unnamed").encode(errors="replace").decode()
