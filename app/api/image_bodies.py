"""Pictures in JSON: files in base64, or the grey levels themselves."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Annotated, Any, TypeVar

import numpy as np
from fastapi.exceptions import RequestValidationError
from PIL import Image
from pydantic import (
    AfterValidator,
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
from app.spec import MOST_SIDE, ImageShape, written_shape

MOST_VIOLATIONS = 100
LONGEST_NAME = 255
COLOURS = 3
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
Pixel = Annotated[list[Level], Field(min_length=COLOURS, max_length=COLOURS)]
Sized = TypeVar("Sized", bound=Sequence[Any])


def alike(rows: Sized) -> Sized:
    if len({len(row) for row in rows}) > 1:
        raise PydanticCustomError("ragged_rows", "The rows differ in length.")
    return rows


Side = Field(min_length=1, max_length=MOST_SIDE)
Rows = Annotated[list[Annotated[list[Level], Side]], Side, AfterValidator(alike)]
ColourRows = Annotated[list[Annotated[list[Pixel], Side]], Side, AfterValidator(alike)]
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
    def upload(self) -> Upload:
        return Upload(self.name, self.image)


class PixelsInJson(Closed):
    """The grey levels of rows from the top, each from the left; 0 is black.

    As many as the checkpoint takes: for digits 28 rows of 28.
    """

    pixels: Rows
    name: Name = UNNAMED

    @property
    def upload(self) -> Upload:
        return upload_of(self.name, self.pixels)


class ColoursInJson(Closed):
    """Red, green and blue of each pixel, in rows from the top, each from the left.

    As many as the checkpoint takes, which has to be one for colours.
    """

    pixels: ColourRows
    name: Name = UNNAMED

    @property
    def upload(self) -> Upload:
        return upload_of(self.name, self.pixels)


def upload_of(name: str, levels: Sequence[object]) -> Upload:
    """Write them as a file, so that every picture goes one way."""
    written = BytesIO()
    pixels = np.asarray(levels, np.uint8)
    Image.fromarray(pixels).save(written, "PNG", compress_level=1)
    height, width, *colours = pixels.shape
    return Upload(
        name, written.getvalue(), (colours[0] if colours else 1, height, width)
    )


def form_of(item: object) -> str:
    """Name the form by a word that is no key of either, so that pointers omit it."""
    if not isinstance(item, Mapping) or "pixels" not in item:
        return "as_file"
    first: object = item["pixels"]
    for _place in ("row", "pixel"):
        first = first[0] if isinstance(first, list) and first else None
    return "as_colours" if isinstance(first, list) else "as_pixels"


Item = Annotated[
    Annotated[FileInJson, Tag("as_file")]
    | Annotated[PixelsInJson, Tag("as_pixels")]
    | Annotated[ColoursInJson, Tag("as_colours")],
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
    return [item.upload for item in found.images]


def demand_levels(uploads: Sequence[Upload], shape: ImageShape) -> None:
    """Refuse levels that are not as many as the checkpoint takes.

    Raises:
        RequestValidationError: Naming each picture.
    """
    wrong = [
        wrong_shape(place, upload.levels, shape)
        for place, upload in enumerate(uploads)
        if upload.levels not in (None, shape)
    ]
    if wrong:
        raise RequestValidationError(wrong[:MOST_VIOLATIONS])


def wrong_shape(
    place: int, found: ImageShape | None, shape: ImageShape
) -> dict[str, Any]:
    sent = "" if found is None else written_shape(found)
    return {
        "type": "wrong_shape",
        "loc": ("body", "images", place, "pixels"),
        "msg": f"This is {sent}; the checkpoint takes {written_shape(shape)}.",
    }


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
