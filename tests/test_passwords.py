"""A password from a file is put into the URL that it is for."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.passwords import with_password
from app.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("p@ss/word\n")
    return path


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("redis://redis:6379/0", "redis://:p%40ss%2Fword@redis:6379/0"),
        ("redis://:older@redis/0", "redis://:p%40ss%2Fword@redis/0"),
        (
            "postgresql+psycopg://modelmill@database/modelmill",
            "postgresql+psycopg://modelmill:p%40ss%2Fword@database/modelmill",
        ),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_the_password_goes_before_the_host(url: str, whole: str, file: Path) -> None:
    assert with_password(url, file) == whole
    assert with_password(whole, file) == whole


def test_without_a_file_a_url_is_taken_as_it_is() -> None:
    assert with_password("redis://:own@redis/0", None) == "redis://:own@redis/0"


def test_settings_read_the_passwords_that_they_name(file: Path) -> None:
    settings = Settings(
        redis_url="redis://redis/0",
        redis_password_file=file,
        database_url="postgresql://modelmill@database/modelmill",
        database_password_file=file,
    )

    assert settings.resolved_redis_url == "redis://:p%40ss%2Fword@redis/0"
    assert settings.resolved_database_url == (
        "postgresql://modelmill:p%40ss%2Fword@database/modelmill"
    )


def test_a_file_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="redis_password_file"):
        Settings.model_validate({"redis_password_file": tmp_path / "missing"})
