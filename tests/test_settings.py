"""Settings come from the environment, have safe defaults, and never change."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_every_setting_has_a_default_and_a_description() -> None:
    fields = Settings.model_fields.values()

    assert not any(field.is_required() for field in fields)
    assert [field for field in fields if not field.description] == []


def test_a_variable_with_the_prefix_sets_its_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODELMILL_MAX_ATTEMPTS", "3")

    assert Settings().max_attempts == 3


def test_a_variable_without_the_prefix_is_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "3")

    assert Settings().max_attempts == 5


def test_settings_never_change(settings: Settings) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("port", -1),
        ("port", 65536),
        ("heartbeat_seconds", 0),
        ("lease_seconds", 0),
        ("reconcile_seconds", 0),
        ("redelivery_seconds", 0),
        ("max_attempts", 0),
        ("stop_seconds", 0),
        ("progress_seconds", 0),
        ("training_threads", -1),
        ("max_body_bytes", 0),
        ("max_upload_bytes", 0),
        ("max_upload_files", 0),
        ("max_image_pixels", 0),
        ("max_bulk_bytes", 0),
        ("max_bulk_images", 0),
        ("bulk_queue", 0),
        ("bulk_retention_seconds", 0),
        ("max_dataset_bytes", 0),
        ("max_dataset_images", 0),
        ("max_import_bytes", 0),
        ("max_archive_entries", 0),
        ("max_archive_entry_bytes", 0),
        ("max_archive_bytes", 0),
        ("max_archive_ratio", 0),
        ("validate_at_once_bytes", -1),
        ("predictor_bytes", -1),
        ("predictor_batch", 0),
        ("predictor_queue", -1),
        ("min_free_bytes", -1),
        ("checkpoint_budget_bytes", -1),
    ],
)
def test_a_value_that_cannot_work_is_refused(field: str, value: int) -> None:
    with pytest.raises(ValidationError, match=field):
        Settings.model_validate({field: value})


@pytest.mark.parametrize(("field", "value"), [("log_format", "xml"), ("log_level", "")])
def test_a_word_that_nobody_knows_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Settings.model_validate({field: value})


def test_the_default_database_lies_in_the_data_directory(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/modelmill.sqlite3"


def test_a_relative_data_directory_is_resolved_where_the_process_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = Settings(data_dir=Path("var"))

    url = f"sqlite:///{tmp_path}/var/modelmill.sqlite3"
    assert settings.resolved_database_url == url


def test_a_database_url_is_taken_as_it_is() -> None:
    url = "postgresql+psycopg://modelmill@database/modelmill"

    assert Settings(database_url=url).resolved_database_url == url


def test_redis_is_the_one_of_this_machine_unless_a_url_is_set() -> None:
    url = "redis://broker:6380/1"

    assert Settings(redis_url=None).resolved_redis_url == "redis://127.0.0.1:6379/0"
    assert Settings(redis_url=url).resolved_redis_url == url


def test_datasets_lie_in_the_data_directory(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).datasets_dir == tmp_path / "datasets"
