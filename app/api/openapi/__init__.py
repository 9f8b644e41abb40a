"""The OpenAPI document: what FastAPI generates, made valid, true and complete."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from app.api.openapi.about import LICENCE, QUICK_START, TAGS
from app.api.openapi.keys import SCHEMES, demand_key
from app.api.openapi.links import add_links
from app.api.openapi.messages import NEWS, messages
from app.api.openapi.operations import HEADERS, complete_operation
from app.api.openapi.refusals import SCHEMAS
from app.api.problems import Problem
from app.api.schemas import EventPublic

Json = dict[str, Any]

# FastAPI finds none: problems are made by handlers, events by a generator, and news
# are sent by ourselves.
UNSEEN_MODELS: tuple[type[BaseModel], ...] = (Problem, EventPublic, *NEWS)
# Of a model that is one thing as it is sent and another as it is shown.
TWOFOLD = ("-Input", "-Output")
REPLACED_SCHEMAS = ("HTTPValidationError", "ValidationError")


def describe(routes: Sequence[BaseRoute]) -> Json:
    """Make the document of these routes, in OpenAPI 3.1."""
    document: Json = get_openapi(
        title="Modelmill",
        version=version("modelmill"),
        description=QUICK_START,
        license_info=LICENCE,
        servers=[{"url": "/"}],
        tags=TAGS,
        routes=routes,
    )
    for path, method, operation in operations(document):
        demand_key(method, path, operation)
        complete_operation(path, operation)
        add_links(operation)
    document["webhooks"] = messages()
    components = document["components"]
    components["securitySchemes"] = SCHEMES
    complete_schemas(components["schemas"])
    components["headers"] = HEADERS
    return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def complete_schemas(schemas: Json) -> None:
    for name in REPLACED_SCHEMAS:
        schemas.pop(name, None)
    _names, unseen = models_json_schema(
        [(model, "serialization") for model in UNSEEN_MODELS],
        ref_template=f"{SCHEMAS}{{model}}",
    )
    schemas.update(unseen["$defs"])
    for tagged in unions(schemas):
        demand_tag(tagged, schemas)
    for name, schema in schemas.items():
        if name.endswith(TWOFOLD):
            schema["title"] = name.replace("-", "")  # generators make classes of titles
    for choice in choices(schemas):
        if "const" in choice:  # which generators demand of the other choices too
            choice["enum"] = [choice.pop("const")]


def unions(part: object) -> Iterator[Json]:
    """Find, however deep, each choice of schemas that one property decides."""
    if isinstance(part, dict):
        if "discriminator" in part:
            yield part["discriminator"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from unions(inner)


def choices(part: object) -> Iterator[Json]:
    """Find, however deep, each of several schemas that a value may have."""
    if isinstance(part, dict):
        yield from part.get("anyOf", [])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from choices(inner)


def demand_tag(discriminator: Json, schemas: Json) -> None:
    """Require the property that decides: a default cannot, though pydantic has one."""
    tag = discriminator["propertyName"]
    for reference in discriminator["mapping"].values():
        choice = schemas[reference.removeprefix(SCHEMAS)]
        others = [name for name in choice.get("required", []) if name != tag]
        choice["required"] = [tag, *others]
