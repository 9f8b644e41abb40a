"""Bodies of requests and responses about keys."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from app.api.schemas import Public
from app.keys.scope import USUAL, Scope
from app.strict import Strict


def in_future(moment: datetime) -> datetime:
    if moment <= datetime.now(UTC):
        raise ValueError("must be in the future")
    return moment


class KeyRequest(Strict):
    """What a new key is for."""

    name: str = Field(min_length=1, max_length=200, description="Who will use it.")
    scopes: list[Annotated[Scope, Field(strict=False)]] = Field(
        default=list(USUAL), min_length=1, description="What it is good for."
    )
    expires_at: Annotated[
        AwareDatetime | None,
        Field(strict=False, description="When it ends; null: never."),
        AfterValidator(lambda moment: moment and in_future(moment)),
    ] = None


class KeyPublic(Public):
    """A key as its list shows it; the key itself is shown once, when it is made."""

    object: Literal["key"] = "key"
    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")


class NewKey(KeyPublic):
    """A key that was just made."""

    key: str = Field(description="Send it as `Authorization: Bearer KEY`.")
