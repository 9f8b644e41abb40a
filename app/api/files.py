"""A file as a client sent it, whatever the form of the request."""

from dataclasses import dataclass

UNNAMED = "unnamed"


@dataclass(frozen=True)
class Upload:
    """A file as it came, under the name that the client gave it."""

    name: str
    data: bytes
