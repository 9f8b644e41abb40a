"""The four limits of a key; None is none."""

from dataclasses import asdict, dataclass

from app.models import ApiKey
from app.settings import Settings


@dataclass(frozen=True)
class Quotas:
    """What a key may have, by the settings or by its own row."""

    queued_jobs: int | None = None
    running_jobs: int | None = None
    stored_bytes: int | None = None
    epochs_a_day: int | None = None

    @classmethod
    def of_settings(cls, settings: Settings) -> "Quotas":
        return cls(
            queued_jobs=settings.quota_queued_jobs,
            running_jobs=settings.quota_running_jobs,
            stored_bytes=settings.quota_stored_bytes,
            epochs_a_day=settings.quota_epochs_a_day,
        )

    @classmethod
    def of_key(cls, key: ApiKey) -> "Quotas":
        return cls(**key.quotas)

    def or_else(self, defaults: "Quotas") -> "Quotas":
        """Return these, with the others' where one is None."""
        own = {name: value for name, value in asdict(self).items() if value is not None}
        return Quotas(**{**asdict(defaults), **own})


UNLIMITED = Quotas()
