"""What only the database can refuse of a body, told like what its schema refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError


@contextmanager
def checking(body: object) -> Iterator[None]:
    """Turn a ValidationError into one about the body of the request."""
    try:
        yield
    except ValidationError as error:
        details = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(details, body=body) from error
