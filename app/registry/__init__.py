"""Models: names for checkpoints that do the same work, and who of them answers."""

from app.registry.aliases import (
    Expected,
    list_aliases,
    list_changes,
    move_alias,
    remove_alias,
)
from app.registry.models import (
    create_model,
    delete_model,
    find_model,
    get_model,
    list_models,
)
from app.registry.origins import Origin, list_origins
from app.registry.references import ModelReference, Named, resolve_reference
from app.registry.versions import (
    add_version,
    delete_version,
    find_version,
    list_versions,
    versions_of_job,
)

__all__ = [
    "Expected",
    "ModelReference",
    "Named",
    "Origin",
    "add_version",
    "create_model",
    "delete_model",
    "delete_version",
    "find_model",
    "find_version",
    "get_model",
    "list_aliases",
    "list_changes",
    "list_models",
    "list_origins",
    "list_versions",
    "move_alias",
    "remove_alias",
    "resolve_reference",
    "versions_of_job",
]
