"""Whether a key has room for another job, decided in the transaction that stores it.

Its epochs are added by one conditional UPDATE of the key's row. That row is locked from
then on, so what is counted afterwards is true until the transaction ends: two requests
at once never pass a limit together, on any database.
"""

from sqlalchemy import ColumnElement, case, update
from sqlmodel import Session, col

from app.errors import QuotaExceeded
from app.models import ApiKey
from app.quotas.limits import Quotas
from app.quotas.usage import count_queued_jobs, count_stored_bytes, today

NOUNS = {
    "queued_jobs": "queued jobs",
    "stored_bytes": "bytes of checkpoints and datasets",
    "epochs_a_day": "epochs today (UTC)",
}


def demand_quota(
    session: Session, key_id: str | None, epochs: int, defaults: Quotas
) -> None:
    """Count a job of so many epochs for its key; of nobody nothing is counted.

    Raises:
        QuotaExceeded: It has no room for another one; nothing was changed.
    """
    key = None if key_id is None else session.get(ApiKey, key_id)
    if key is None:
        return
    limits = Quotas.of_key(key).or_else(defaults)
    if not spend(session, key.id, epochs, limits.epochs_a_day):
        session.refresh(key)
        spent = key.epochs_spent if key.epochs_on == today() else 0
        refuse(session, "epochs_a_day", spent, limits.epochs_a_day, epochs)
    if limits.queued_jobs is not None:
        queued = count_queued_jobs(session, key.id)
        if queued >= limits.queued_jobs:
            refuse(session, "queued_jobs", queued, limits.queued_jobs)
    refuse_full(session, key.id, limits.stored_bytes)


def demand_stored(session: Session, key_id: str | None, defaults: Quotas) -> None:
    """Raise QuotaExceeded if a key has stored as much as it may."""
    key = None if key_id is None else session.get(ApiKey, key_id)
    if key is not None:
        limits = Quotas.of_key(key).or_else(defaults)
        refuse_full(session, key.id, limits.stored_bytes)


def refuse_full(session: Session, key_id: str, most: int | None) -> None:
    if most is None:
        return
    stored = count_stored_bytes(session, key_id)
    if stored >= most:
        refuse(session, "stored_bytes", stored, most)


def refuse(
    session: Session, quota: str, used: int, most: int | None, more: int = 1
) -> None:
    session.rollback()
    asked = f", and this asks for {more} more" if quota == "epochs_a_day" else ""
    raise QuotaExceeded(f"This key has {used} of {most} {NOUNS[quota]}{asked}.")


def spend(session: Session, key_id: str, epochs: int, most: int | None) -> bool:
    """Add to a key's epochs of this day, unless that would be too many."""
    day = today()
    same_day = col(ApiKey.epochs_on) == day
    spent = case((same_day, col(ApiKey.epochs_spent)), else_=0) + epochs
    where: list[ColumnElement[bool]] = [col(ApiKey.id) == key_id]
    if most is not None:
        where.append(spent <= most)
    statement = update(ApiKey).where(*where)
    values = {"epochs_on": day, "epochs_spent": spent}
    return session.exec(statement.values(**values)).rowcount == 1
