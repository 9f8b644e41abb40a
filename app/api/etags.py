"""Entity tags: what of a resource a client has, and what it supposes when it edits.

A tag begins with how often the resource was edited, so that If-Match means what others
have written, and not how far a job has come meanwhile. What follows is a digest of
all that is shown, for If-None-Match.
"""

import hashlib
import re
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Response
from pydantic import BaseModel

from app.errors import PreconditionFailed

Shown = TypeVar("Shown", bound=BaseModel)
DIGEST_LENGTH = 16
TAG = re.compile(r'"(\d{1,9})(?:-[0-9a-f]+)?"')
HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Send it as If-None-Match to hear only of changes, and, where "
        "it can be edited, as If-Match to edit nothing but this.",
        "schema": {"type": "string"},
    }
}
UNCHANGED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.NOT_MODIFIED: {
        "description": "It is as If-None-Match says.",
        "headers": HEADERS,
    }
}

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="Edit only what still has this ETag; else 412.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="The ETag of what you have: if nothing has changed, 304.",
    ),
]


def tag_of(shown: BaseModel, edits: int = 0) -> str:
    digest = hashlib.sha256(shown.model_dump_json().encode()).hexdigest()
    return f'"{edits}-{digest[:DIGEST_LENGTH]}"'


def edited(edits: int) -> str:
    """Return the tag of what was edited just now, for another edit."""
    return f'"{edits}"'


def tagged(answer: dict[str, Any]) -> dict[str, Any]:
    """Describe an answer that has a tag."""
    return {**answer, "headers": {**answer.get("headers", {}), **HEADERS}}


def unless_known(
    shown: Shown, tag: str, known: str | None, response: Response
) -> Shown | Response:
    """Answer with the resource and its tag, or that the client has it already."""
    if is_known(tag, known):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return shown


def is_known(tag: str, known: str | None) -> bool:
    """Compare weakly, as If-None-Match is."""
    if known is None:
        return False
    tags = {one.strip().removeprefix("W/") for one in known.split(",")}
    return tag in tags or "*" in tags


async def get_edits(if_match: IfMatch = None) -> frozenset[int] | None:
    """Return after how many edits the resource may be; None: whenever.

    Raises:
        PreconditionFailed: No tag of ours is among them.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    matches = (TAG.fullmatch(one.strip()) for one in if_match.split(","))
    edits = frozenset(int(match[1]) for match in matches if match is not None)
    if not edits:
        raise PreconditionFailed
    return edits


Edits = Annotated[frozenset[int] | None, Depends(get_edits)]
