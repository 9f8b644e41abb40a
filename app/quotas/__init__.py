"""Quotas: how much one key may have of the service at a time, and in a day."""

from app.quotas.demand import demand_quota, demand_stored
from app.quotas.limits import UNLIMITED, Quotas
from app.quotas.usage import Usage, has_room_to_run, usage_of

__all__ = [
    "UNLIMITED",
    "Quotas",
    "Usage",
    "demand_quota",
    "demand_stored",
    "has_room_to_run",
    "usage_of",
]
