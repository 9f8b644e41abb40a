"""The route that takes a checkpoint in which no job here has trained."""

import asyncio
import shutil
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Request
from pydantic import Field

from app import registry
from app.api.bodies import refused_as_body
from app.api.dataset_form import ReceivedForm, fault, receive_form
from app.api.deps import Services, ServicesDep, asker_of, services_of
from app.api.model_schemas import VersionPublic
from app.api.models import shown_version
from app.api.openapi import imports as documented
from app.api.openapi.refusals import problems
from app.api.tickets import IdempotencyHeader, ticket_of_upload
from app.database.engine import read_session, write_session
from app.errors import (
    ArchiveRefused,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    ModelNotFound,
    StorageFull,
    UploadRefused,
)
from app.imports import Sender, check_upload, read_files, store_import
from app.strict import Strict
from app.tickets import once
from app.vision.reading import Mode

router = APIRouter(
    prefix="/models", tags=["models"], responses=problems(DatabaseUnavailable())
)

Name = Annotated[str, Path(max_length=64, description="The model's name.")]


class ImportFields(Strict):
    """What is said beside the files."""

    preprocess: Annotated[Mode, Field(strict=False)] | None = None


@router.post(
    "/{name}/imports",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.CREATED: documented.IMPORTED,
        **problems(
            ModelNotFound(),
            StorageFull(),
            UploadRefused(),
            IdempotencyKeyReused(),
            ArchiveRefused("model.pt", "is a pickle, which runs code when it is read"),
            documented.WRONG_TENSOR,
        ),
    },
    openapi_extra={"requestBody": documented.FORM},
)
async def import_version(
    name: Name, request: Request, services: ServicesDep, key: IdempotencyHeader = None
) -> VersionPublic:
    """Make a checkpoint from elsewhere the next version of a model.

    Send the zip of an export with `format=safetensors`, a safetensors file that was
    downloaded here, or any with a JSON of its `architecture` and `class_names`. Every
    tensor is checked by name, shape, type and value; pickles are refused. It answers as
    it did where it comes from, and goes with its last version.
    """
    await asyncio.to_thread(demand_place, services, name)
    folder = services.settings.staging_dir / str(uuid4())
    folder.mkdir(parents=True)
    try:
        form = await receive_form(request, folder)
        return await asyncio.to_thread(take_in, request, key, name, (form, folder))
    finally:
        # Also when the client goes away in the middle.
        shutil.rmtree(folder, ignore_errors=True)


def demand_place(services: Services, name: str) -> None:
    """Say before the files come that they are of no use."""
    services.demand_room()
    with read_session(services.engine) as session:
        registry.get_model(session, name)


def take_in(
    request: Request, key: str | None, name: str, sent: tuple[ReceivedForm, FilePath]
) -> VersionPublic:
    form, folder = sent
    if not form.files:
        raise fault("missing", "file", "Send a file.")
    body: dict[str, Any] = {**form.fields, "file": None}
    staged = [(file, folder / str(place)) for place, file in enumerate(form.files)]
    with refused_as_body(body):
        mode = ImportFields.model_validate(form.fields).preprocess
        imported = check_upload(read_files(staged), mode)
    words = (*form.fields.values(), *form.files)
    ticket = ticket_of_upload(request, key, words, folder)
    sender = Sender(form.files, asker_of(request).key_id)
    with write_session(services_of(request).engine) as session:
        version = once(
            session,
            ticket,
            lambda number: registry.find_version(session, name, int(number)),
            lambda: store_import(session, name, imported, sender, ticket),
        )
        return shown_version(version, registry.list_origins(session, name))
