"""`modelmill worker`: one worker process, for machines that run nothing else."""

import os
import socket
from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import migrate, open_database, read_session
from app.launcher.serve import worker_command
from app.settings import Settings

Check = Annotated[bool, typer.Option("--check", help="Only say if it is alive.")]


def worker(*, check: Check = False) -> None:
    """Become a Celery worker that trains one job at a time."""
    settings = Settings()
    if check:
        raise typer.Exit(0 if is_worker_alive(settings) else 1)
    engine = open_database(settings.resolved_database_url)
    migrate(engine)
    engine.dispose()
    command = worker_command()
    os.execv(command[0], command)


def is_worker_alive(settings: Settings) -> bool:
    """Say whether a worker of this host has shown itself within a lease."""
    fresh = timedelta(seconds=settings.lease_seconds)
    engine = open_database(settings.resolved_database_url)
    try:
        with read_session(engine) as session:
            workers = jobs.list_workers(session, fresh)
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
    host = socket.gethostname()
    return any(view.is_alive and view.worker.host == host for view in workers)
