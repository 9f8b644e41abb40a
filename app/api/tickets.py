"""The header `Idempotency-Key`, and the ticket that is made of it."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Header, Request

from app.api.deps import asker_of
from app.tickets import Ticket

NOBODY = ""
IdempotencyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Your own name for this request: sent again within a day, it gives "
        "what it gave, and makes nothing a second time.",
    ),
]


async def get_ticket(request: Request, key: IdempotencyHeader = None) -> Ticket | None:
    """Return the ticket of a request whose body is read as a whole."""
    return None if key is None else ticket_of(request, key, [await request.body()])


TicketDep = Annotated[Ticket | None, Depends(get_ticket)]


def ticket_of_upload(
    request: Request, key: str | None, words: Iterable[str], folder: Path
) -> Ticket | None:
    """Return the ticket of a request whose files lie in a folder.

    Two forms may ask the same and differ in their bytes, by what parts them.
    """
    if key is None:
        return None
    files = (digest_of_file(path) for path in sorted(folder.iterdir()))
    return ticket_of(request, key, [*(word.encode() for word in words), *files])


def ticket_of(request: Request, key: str, content: Iterable[bytes]) -> Ticket:
    asked = f"{request.method} {request.url.path}?{request.url.query}\n"
    digest = hashlib.sha256(asked.encode() + b"\n".join(content)).hexdigest()
    return Ticket(asker_of(request).key_id or NOBODY, key, digest)


def digest_of_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
