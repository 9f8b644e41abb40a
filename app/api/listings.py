"""Rows as a list that names its first and its last, where `after` goes on."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from app.api.schemas import Listing


class Identified(Protocol):
    """What a list can name."""

    @property
    def id(self) -> object: ...


Item = TypeVar("Item", bound=Identified)


# In quotes: pydantic would want a schema of a bound that is only for the types.
def listing_of(found: Sequence[Item], *, has_more: bool = False) -> "Listing[Item]":
    return Listing(
        data=[*found],
        has_more=has_more,
        first_id=str(found[0].id) if found else None,
        last_id=str(found[-1].id) if found else None,
    )
