"""The route that takes a dataset in."""

import asyncio
import shutil
from http import HTTPStatus
from typing import Annotated, Any, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app import library
from app.api.bodies import refused_as_body
from app.api.dataset_form import ReceivedForm, fault, receive_form
from app.api.dataset_schemas import DatasetPublic
from app.api.datasets import shown
from app.api.deps import Services, asker_of, services_of
from app.api.openapi import datasets as answers
from app.api.openapi.refusals import problems
from app.api.tickets import IdempotencyHeader, ticket_of_upload
from app.architecture import Fault, refusal
from app.database.engine import read_session, write_session
from app.errors import (
    ArchiveRefused,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    QuotaExceeded,
    StorageFull,
    UploadRefused,
)
from app.intake.validator import ValidationLost
from app.library import Upload
from app.quotas import demand_stored
from app.spec import (
    PICTURES,
    Colour,
    ImageSize,
    OwnName,
    PreprocessName,
    Strict,
    sides_of,
)
from app.tickets import Ticket, once

router = APIRouter(tags=["datasets"])

REFUSALS = problems(
    DatabaseUnavailable(),
    StorageFull(),
    QuotaExceeded(),
    IdempotencyKeyReused(),
    UploadRefused(),
    ArchiveRefused("../seven.png", "leads out of the archive's folder"),
    RequestValidationError(
        [{"type": "missing", "loc": ("body", "file"), "msg": "Send a file."}]
    ),
)


def not_built_in(name: str) -> str:
    if name in PICTURES:
        message = "This is the name of a built-in dataset."
        raise PydanticCustomError("name_taken", message)
    return name


class UploadFields(Strict):
    """What an upload says of itself."""

    name: Annotated[OwnName, AfterValidator(not_built_in)] = Field(
        description="Lower-case letters, digits, `.`, `_` and `-`. Under a name that "
        "is there already it becomes the next version."
    )
    preprocess: PreprocessName = Field(
        default="plain",
        description="How pictures become alike: `plain` fits each into the size with "
        "its aspect kept, amid its own background; `auto` reads them as `/predict` "
        "reads handwritten digits, 28x28 in grey.",
    )
    size: ImageSize | None = Field(
        default=None,
        description="Width x height of the images, as `32x24`, or both as `28`; at "
        "most `MODELMILL_MAX_DATASET_SIDE` (96) a side. Absent: the commonest size "
        "among them, of equally common ones the largest, scaled down if it is above.",
    )
    colour: Colour = Field(
        default="auto",
        description="`auto`: red, green and blue if any image shows colour, else grey.",
    )

    @model_validator(mode="after")
    def _digits_have_one_shape(self) -> Self:
        is_usual = self.size in (None, "28", "28x28") and self.colour != "rgb"
        if self.preprocess == "auto" and not is_usual:
            message = "`auto` makes 28x28 in grey; another shape needs `plain`."
            raise refusal([Fault(("preprocess",), "digits_have_one_shape", message)])
        return self


FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file", "name"],
    "properties": {
        "file": {
            "type": "array",
            "items": {
                "type": "string",
                "format": "binary",
                "contentMediaType": "application/octet-stream",
            },
            "description": "A zip, tar or tar.gz with a folder for each class, or with "
            "`train` and `test` that have those; an npz with `images` and `labels`; "
            "IDX files of images and labels, in an archive or one by one.",
        },
        **UploadFields.model_json_schema()["properties"],
    },
}
BODY = {
    "required": True,
    "content": {"multipart/form-data": {"schema": FORM, "examples": answers.UPLOADS}},
}


@router.post(
    "/datasets",
    status_code=HTTPStatus.CREATED,
    response_model=DatasetPublic,
    responses={HTTPStatus.CREATED: answers.CREATED, **REFUSALS},
    openapi_extra={"requestBody": BODY},
)
async def create_dataset(
    request: Request, response: Response, key: IdempotencyHeader = None
) -> DatasetPublic:
    """Upload a dataset of your own.

    A small one is validated at once; a larger one is `validating` for a while. Then it
    is `ready`, or `failed` and its report says why. Without test images one in five of
    each class is set aside, always the same ones.
    """
    services, key_id = services_of(request), asker_of(request).key_id
    await asyncio.to_thread(demand_room, services, key_id)
    dataset_id = uuid4()
    folder = services.validator.folder_of(dataset_id)
    folder.mkdir(parents=True)
    try:
        form = await receive_form(request, folder)
        fields = read_fields(form, services.settings.max_dataset_side)
        shape = (fields.size or "", fields.colour)
        words = (fields.name, fields.preprocess, *shape, *form.files)
        ticket = await asyncio.to_thread(ticket_of_upload, request, key, words, folder)
    except BaseException:
        # Also when the client goes away in the middle.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    upload = Upload(
        dataset_id, files=(*form.files,), key_id=key_id, **fields.model_dump()
    )
    dataset = await asyncio.to_thread(take_in, services, upload, ticket)
    response.headers["Location"] = f"/datasets/{dataset.id}"
    return dataset


def demand_room(services: Services, key_id: str | None) -> None:
    services.demand_room()
    with read_session(services.engine) as session:
        demand_stored(session, key_id, services.quotas)


def read_fields(form: ReceivedForm, longest: int) -> UploadFields:
    if not form.files:
        raise fault("missing", "file", "Send a file.")
    with refused_as_body(form.fields):
        fields = UploadFields.model_validate(form.fields)
        if fields.size is not None and max(sides_of(fields.size)) > longest:
            message = f"A side is at most {longest} here."
            raise refusal([Fault(("size",), "size_too_large", message, fields.size)])
        return fields


def take_in(services: Services, upload: Upload, ticket: Ticket | None) -> DatasetPublic:
    """Store a version, and validate it now if it is small, else soon."""
    try:
        with write_session(services.engine) as session:
            dataset = once(
                session,
                ticket,
                lambda dataset_id: library.find_dataset(session, UUID(dataset_id)),
                lambda: library.new_version(session, upload, ticket),
            )
    except IdempotencyKeyReused:
        services.validator.clear(upload.id)
        raise
    if dataset.id == upload.id:
        validate(services, (dataset.id, dataset.attempt), ticket)
    else:  # it had come before
        services.validator.clear(upload.id)
    with read_session(services.engine) as session:
        return shown(session, library.get_dataset(session, dataset.id))


def validate(services: Services, held: tuple[UUID, int], ticket: Ticket | None) -> None:
    folder = services.validator.folder_of(held[0])
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > services.settings.validate_at_once_bytes:
        services.validator.hand_over(held)
    else:
        validate_now(services, held, ticket)


def validate_now(
    services: Services, held: tuple[UUID, int], ticket: Ticket | None
) -> None:
    """Validate while the client waits, who is told at once what is refused."""
    try:
        services.validator.validate(held)
    except ValidationLost:  # another process took over; the answer says how it stands
        return
    except UploadRefused:
        with write_session(services.engine) as session:
            library.forget_dataset(session, held, ticket)
        services.validator.clear(held[0])
        raise
