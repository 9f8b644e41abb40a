"""Pictures in JSON: files in base64, or the grey levels themselves."""

import base64
import binascii
from collections.abc import Mapping
from io import BytesIO
from typing import Annotated, Any

import numpy as np
from fastapi.exceptions import RequestValidationError
from PIL import Image
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, from_json

from app.api.files import UNNAMED, Upload
from app.vision.pixels import SIDE

MOST_VIOLATIONS = 100
LONGEST_NAME = 255
BASE64_SCHEMA = {"type": "string", "contentEncoding": "base64"}


def decoded(text: object) -> bytes:
    """Return what base64 stands for; a canvas puts `data:…;base64,` before it."""
    if not isinstance(text, str):
        raise PydanticCustomError("string_type", "Input should be a string of base64")
    is_address = text.startswith("data:")
    try:
        return base64.b64decode(
            text.partition(",")[2] if is_address else text, validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise PydanticCustomError("base64", "This is not base64.") from error


Level = Annotated[int, Field(ge=0, le=255, strict=True)]
Row = Annotated[list[Level], Field(min_length=SIDE, max_length=SIDE)]
Name = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NAME, description="For the answer.")
]


class Closed(BaseModel):
    """A part of the body, in which nothing unknown may stand."""

    model_config = ConfigDict(extra="forbid")


class FileInJson(Closed):
    """A PNG, JPEG or WebP file in base64, or as a data URL."""

    image: Annotated[bytes, BeforeValidator(decoded), WithJsonSchema(BASE64_SCHEMA)]
    name: Name = UNNAMED

    @property
    def file(self) -> bytes:
        return self.image


class PixelsInJson(Closed):
    """The grey levels of 28 rows from the top, each from the left; 0 is black."""

    pixels: Annotated[list[Row], Field(min_length=SIDE, max_length=SIDE)]
    name: Name = UNNAMED

    @property
    def file(self) -> bytes:
        """Return them as a file, so that every picture goes one way."""
        written = BytesIO()
        image = Image.fromarray(np.asarray(self.pixels, np.uint8))
        image.save(written, "PNG", compress_level=1)
        return written.getvalue()


def form_of(item: object) -> str:
    """Name the form by a word that is no key of either, so that pointers omit it."""
    is_pixels = isinstance(item, Mapping) and "pixels" in item
    return "as_pixels" if is_pixels else "as_file"


Item = Annotated[
    Annotated[FileInJson, Tag("as_file")] | Annotated[PixelsInJson, Tag("as_pixels")],
    Discriminator(form_of),
]


class ImagesInJson(Closed):
    """Pictures to classify; each is a file or its pixels."""

    images: list[Item] = Field(min_length=1)


def read_json(data: bytes, most_files: int) -> list[Upload]:
    """Return the pictures in their order.

    Raises:
        RequestValidationError: Naming the first hundred things that are wrong.
    """
    try:
        body = from_json(data)
    except ValueError as error:
        raise RequestValidationError([not_json(error)]) from error
    images = body.get("images") if isinstance(body, dict) else None
    if isinstance(images, list) and len(images) > most_files:
        raise RequestValidationError([too_long(most_files)])
    try:
        found = ImagesInJson.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(violations(error), body=body) from error
    return [Upload(item.name, item.file) for item in found.images]


def not_json(error: ValueError) -> dict[str, Any]:
    return {"type": "json_invalid", "loc": ("body",), "msg": f"Not JSON: {error}."}


def too_long(most_files: int) -> dict[str, Any]:
    return {
        "type": "too_long",
        "loc": ("body", "images"),
        "msg": f"At most {most_files} pictures are taken at once.",
        "ctx": {"max_length": most_files},
    }


def violations(error: ValidationError) -> list[dict[str, Any]]:
    return [
        {**detail, "loc": ("body", *detail["loc"])}
        for detail in error.errors(include_url=False)[:MOST_VIOLATIONS]
    ]
