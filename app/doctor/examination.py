"""Everything that is looked at, in order: what others stand on comes first."""

from collections.abc import Iterator

from app.database.engine import open_database
from app.doctor.broker import examine_broker
from app.doctor.datasets import examine_datasets, examine_uploads
from app.doctor.finding import Finding, Verdict
from app.doctor.storage import examine_database, examine_disk
from app.doctor.workers import examine_workers
from app.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at an installation from this host, and change nothing."""
    yield from examine_disk(settings)
    engine = open_database(settings.resolved_database_url)
    database = examine_database(engine)
    yield database
    yield examine_broker(settings.resolved_redis_url)
    if database.verdict is not Verdict.FAILURE:
        yield from examine_workers(engine, settings)
        yield from examine_uploads(engine)
    engine.dispose()
    yield from examine_datasets(settings)
