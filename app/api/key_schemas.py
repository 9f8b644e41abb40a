"""Bodies of requests and responses about keys."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

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


Most = Annotated[int | None, Field(ge=0, le=2**53)]


class KeyQuotas(Strict):
    """A key's own limits; null: as the settings say."""

    model_config = ConfigDict(from_attributes=True)

    queued_jobs: Most = Field(default=None, description="Jobs that wait in the queue.")
    running_jobs: Most = Field(
        default=None, description="Jobs that train at once; others wait for them."
    )
    stored_bytes: Most = Field(
        default=None, description="Of checkpoints and datasets together."
    )
    epochs_a_day: Most = Field(
        default=None, description="Epochs that jobs ask for, in a day of UTC."
    )


class KeyEdit(Strict):
    """What changes of a key; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    quotas: KeyQuotas = KeyQuotas()

    @property
    def columns(self) -> dict[str, Any]:
        """Return the values to set, by column."""
        quotas = self.quotas.model_dump(exclude_unset=True)
        values = {f"max_{name}": most for name, most in quotas.items()}
        return values | self.model_dump(include={"name"}, exclude_none=True)


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
    quotas: KeyQuotas = Field(description="Its own limits; null: as the settings say.")


class QuotaPublic(BaseModel):
    """One quota of a key."""

    used: int
    limit: int | None = Field(description="Null: none.")


class KeyDetail(KeyPublic):
    """A key, and what it uses of what it may."""

    usage: dict[str, QuotaPublic] = Field(
        description="By quota: `queued_jobs`, `running_jobs`, `stored_bytes`, "
        "`epochs_a_day`."
    )


class NewKey(KeyPublic):
    """A key that was just made."""

    key: str = Field(description="Send it as `Authorization: Bearer KEY`.")
