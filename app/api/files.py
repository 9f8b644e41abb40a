"""A file as a client sent it, whatever the form of the request."""

from dataclasses import dataclass

from app.spec import ImageShape

UNNAMED = "unnamed"


@dataclass(frozen=True)
class Upload:
    """A file as it came, under the name that the client gave it."""

    name: str
    data: bytes
    # Of pixels in JSON, which are written as a file: what their numbers were.
    levels: ImageShape | None = None
