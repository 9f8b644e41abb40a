"""A story told once, for every test of the page to start from a copy."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.database.engine import open_database
from app.database.sqlite import sqlite_driver
from tests.browser.stories import Story, tell


@pytest.fixture(scope="session")
def told(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Story]:
    path = Path(shutil.copy(migrated, tmp_path_factory.mktemp("told")))
    engine = open_database(f"sqlite:///{path}")
    story = tell(engine)
    engine.dispose()
    return path, story


@pytest.fixture
def story(told: tuple[Path, Story], engine: Engine) -> Story:
    # By SQLite's own backup: the app may have the database open already.
    path, story = told
    connect = sqlite_driver().connect
    with (
        closing(connect(path)) as source,
        closing(connect(engine.url.database)) as target,
    ):
        source.backup(target)
    return story
