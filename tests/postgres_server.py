"""A real PostgreSQL server of the tests' own, from the system's binaries."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from app.database.engine import migrate, open_database

DEBIAN = Path("/usr/lib/postgresql")
MISSING = "needs PostgreSQL's server: `make postgres` installs Debian's"
OWNER = "postgres"  # the server refuses to run as root
TEMPLATE = "migrated"


@dataclass(frozen=True)
class Postgres:
    """A running server that is asked through a Unix socket in a folder."""

    folder: Path

    def url(self, database: str) -> str:
        query = {"host": str(self.folder)}
        url = URL.create("postgresql+psycopg", OWNER, database=database, query=query)
        return url.render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        where = f"host={self.folder} user={OWNER} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


def find_binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`: in PATH, or where Debian has it."""
    in_path = shutil.which("initdb")
    if in_path is not None:
        return Path(in_path).resolve().parent
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running_postgres(
    binaries: Path, place: Sequence[str] = (), address: str = ""
) -> Iterator[Postgres]:
    """Start a server in a folder of its own, which is gone when the block ends.

    place begins the command line that runs it elsewhere, where it listens at address.
    """
    is_root = os.geteuid() == 0
    as_owner = ["runuser", "-u", OWNER, "--"] if is_root else []

    def run(program: str, *options: str) -> None:
        command = [*place, *as_owner, str(binaries / program), "-D", str(data)]
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)

    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as root:
        folder = Path(root)
        data = folder / "data"
        if is_root:
            owner = pwd.getpwnam(OWNER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        run("initdb", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        # Nothing survives these tests, so nothing has to survive a power cut.
        options = f"-k {folder} -c listen_addresses={address} -c fsync=off"
        run("pg_ctl", "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Postgres(folder)
        finally:
            run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a server with a migrated, empty database to copy."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(MISSING)
    with running_postgres(binaries) as server:
        server.run(f"CREATE DATABASE {TEMPLATE}")
        engine = open_database(server.url(TEMPLATE))
        migrate(engine)
        engine.dispose()
        yield server


numbers = count(1)


@contextmanager
def fresh_database(server: Postgres, template: str = TEMPLATE) -> Iterator[str]:
    """Give the URL of a new database, a copy of another."""
    name = f"test_{next(numbers)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Iterator[str]:
    """Give the URL of a database without a table."""
    with fresh_database(postgres, "template1") as url:
        yield url
