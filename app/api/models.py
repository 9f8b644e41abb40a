"""Routes to models: names, versions, aliases."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response
from sqlmodel import Session

from app import jobs, registry
from app.api import etags
from app.api.bodies import refused_as_body
from app.api.deps import AskerDep, ReadSession, WriteSession
from app.api.model_schemas import (
    ALIAS,
    LARGEST_VERSION,
    AliasChangePublic,
    AliasPublic,
    AliasRequest,
    ImportPublic,
    ModelDetail,
    ModelPublic,
    ModelRequest,
    VersionPublic,
    VersionRequest,
)
from app.api.openapi import models
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.api.tickets import TicketDep
from app.errors import (
    AliasMoved,
    AliasNotFound,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    ModelExists,
    ModelInUse,
    ModelNotFound,
    PreconditionFailed,
    VersionNotFound,
)
from app.models import AliasChange, ModelVersion, RegisteredModel
from app.tickets import once

router = APIRouter(
    prefix="/models", tags=["models"], responses=problems(DatabaseUnavailable())
)

Name = Annotated[str, Path(max_length=64, description="The model's name.")]
Number = Annotated[
    int, Path(ge=1, le=LARGEST_VERSION, description="Of the version, from 1.")
]
Alias = Annotated[str, Path(pattern=ALIAS, description="Such as `champion`.")]
IfVersion = Annotated[
    int | None,
    Query(
        ge=1, le=LARGEST_VERSION, description="Only if it points at this version now."
    ),
]


async def get_place(name: Name, alias: Alias) -> tuple[str, str]:
    return name, alias


Place = Annotated[tuple[str, str], Depends(get_place)]
NewModel = Annotated[ModelRequest, Body(openapi_examples=models.NEW_MODEL)]
NewVersion = Annotated[VersionRequest, Body(openapi_examples=models.NEW_VERSION)]
Target = Annotated[AliasRequest, Body(openapi_examples=models.TARGETS)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=ModelPublic,
    responses={
        HTTPStatus.CREATED: models.CREATED,
        **problems(ModelExists(), IdempotencyKeyReused()),
    },
)
def create_model(
    request: NewModel, session: WriteSession, ticket: TicketDep, response: Response
) -> RegisteredModel:
    """Register a model.

    It is a name, without a version at first; versions point at checkpoints, and aliases
    such as `champion` at versions.
    """
    model = once(
        session,
        ticket,
        lambda name: registry.find_model(session, name),
        lambda: registry.create_model(
            session, request.name, request.description, ticket
        ),
    )
    response.headers["Location"] = f"/models/{model.name}"
    return model


@router.get("", responses={HTTPStatus.OK: models.LISTED})
def list_models(session: ReadSession) -> Listing[ModelPublic]:
    """List models with their aliases.

    They are in the order of their names.
    """
    found = [public(session, model) for model in registry.list_models(session)]
    return Listing(
        data=found,
        first_id=found[0].name if found else None,
        last_id=found[-1].name if found else None,
    )


@router.get(
    "/{name}",
    response_model=ModelDetail,
    responses={
        HTTPStatus.OK: etags.tagged(models.DETAIL),
        **etags.UNCHANGED,
        **problems(ModelNotFound()),
    },
)
def get_model(
    name: Name,
    session: ReadSession,
    response: Response,
    known: etags.IfNoneMatch = None,
) -> ModelDetail | Response:
    """Show a model: its versions, its aliases and where they pointed.

    `POST /predict?model=name@alias` answers with the version that the alias points at.
    """
    shown = public(session, registry.get_model(session, name))
    versions = registry.list_versions(session, name)
    history = registry.list_changes(session, name)
    origins = registry.list_origins(session, name)
    detail = ModelDetail(
        **shown.model_dump(),
        versions=[shown_version(one, origins) for one in versions],
        history=[AliasChangePublic.model_validate(one) for one in history],
    )
    return etags.unless_known(detail, etags.tag_of(detail), known, response)


@router.delete(
    "/{name}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(ModelNotFound(), ModelInUse()),
)
def delete_model(name: Name, session: WriteSession) -> None:
    """Delete a model that no alias names a version of.

    Its checkpoints stay with their jobs.
    """
    registry.delete_model(session, name)


@router.post(
    "/{name}/versions",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.CREATED: models.VERSION,
        **problems(ModelNotFound(), IdempotencyKeyReused()),
    },
)
def create_version(
    name: Name,
    request: NewVersion,
    session: WriteSession,
    asker: AskerDep,
    ticket: TicketDep,
) -> VersionPublic:
    """Make a checkpoint the next version of a model.

    While a version points at it, neither retention nor a deletion of its job removes
    the checkpoint.
    """
    registry.get_model(session, name)
    with refused_as_body(request.model_dump(mode="json")):
        jobs.demand_checkpoint(
            session, request.checkpoint_id, "checkpoint_id", asker.sees_only
        )
    version = once(
        session,
        ticket,
        lambda number: registry.find_version(session, name, int(number)),
        lambda: registry.add_version(session, name, request.checkpoint_id, ticket),
    )
    return shown_version(version, registry.list_origins(session, name))


@router.delete(
    "/{name}/versions/{version}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(ModelNotFound(), VersionNotFound(), ModelInUse()),
)
def delete_version(name: Name, version: Number, session: WriteSession) -> None:
    """Delete a version that no alias names.

    Its number is not used again.
    """
    registry.delete_version(session, name, version)


@router.put(
    "/{name}/aliases/{alias}",
    response_model=AliasChangePublic,
    responses={
        HTTPStatus.OK: etags.tagged(models.MOVED),
        **problems(
            ModelNotFound(), VersionNotFound(), AliasMoved(), PreconditionFailed()
        ),
    },
)
def move_alias(
    place: Place,
    target: Target,
    session: WriteSession,
    edits: etags.Edits,
    response: Response,
) -> AliasChange:
    """Point an alias at a version, at once for every request that follows.

    With `if_version`, only if nobody moved it meanwhile; 409 says where it points. Its
    ETag is the number of its last move, `"0"` before the first: as If-Match, 412.
    """
    expected = registry.Expected(target.if_version, edits)
    change = registry.move_alias(session, *place, target.version, expected)
    response.headers["ETag"] = etags.edited(change.number)
    return change


@router.delete(
    "/{name}/aliases/{alias}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(
        ModelNotFound(), AliasNotFound(), AliasMoved(), PreconditionFailed()
    ),
)
def remove_alias(
    place: Place,
    session: WriteSession,
    edits: etags.Edits,
    if_version: IfVersion = None,
) -> None:
    """Remove an alias.

    Its history stays with the model.
    """
    registry.remove_alias(session, *place, registry.Expected(if_version, edits))


def shown_version(
    version: ModelVersion, origins: Mapping[UUID, registry.Origin]
) -> VersionPublic:
    origin = origins[version.checkpoint_id]
    imported = origin.imported
    return VersionPublic(
        number=version.number,
        created_at=version.created_at,
        checkpoint_id=version.checkpoint_id,
        job_id=origin.checkpoint.job_id,
        epoch=origin.checkpoint.epoch,
        imported=None if imported is None else ImportPublic.model_validate(imported),
    )


def public(session: Session, model: RegisteredModel) -> ModelPublic:
    aliases = registry.list_aliases(session, model.name)
    shown = [AliasPublic.model_validate(one) for one in aliases]
    return ModelPublic.model_validate(model).model_copy(update={"aliases": shown})
