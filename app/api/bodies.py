"""What turns out wrong with a body only once it is held against the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError


@contextmanager
def refused_as_body(body: object) -> Iterator[None]:
    """Refuse as an invalid body what does not validate within the block."""
    try:
        yield
    except ValidationError as error:
        details = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(details, body=body) from error
