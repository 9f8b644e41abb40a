"""How operations are called, by generated clients and in the audit log."""

from fastapi.routing import APIRoute


def operation_id(route: APIRoute) -> str:
    """Name an operation for generated clients: create_job is createJob."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)
