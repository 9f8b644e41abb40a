"""The doctor sees what is wrong with the database and with its disk."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.database.engine import open_database, write_session
from app.doctor.finding import Verdict
from app.doctor.storage import examine_database, examine_disk, file_system_of
from app.settings import Settings

MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /srv nfs4 rw 0 0
/dev/vdb /srv/local xfs rw 0 0
"""


def test_a_database_in_order_is_named_with_its_schema(engine: Engine) -> None:
    finding = examine_database(engine)

    assert finding.verdict is Verdict.OK
    assert "modelmill.sqlite3: whole, writable, schema 00" in finding.message


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = open_database(f"sqlite:///{tmp_path / 'missing.sqlite3'}")

    finding = examine_database(missing)

    assert finding.verdict is Verdict.FAILURE
    assert "There is no database" in finding.message
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_release_is_told(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    finding = examine_database(engine)

    assert finding.verdict is Verdict.FAILURE
    assert "has the schema 0001, and this release has 00" in finding.message


def test_a_damaged_database_is_told(settings: Settings, engine: Engine) -> None:
    engine.dispose()
    file = settings.data_dir / "modelmill.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + bytes(len(whole) - 8192))

    finding = examine_database(engine)

    assert finding.verdict is Verdict.FAILURE
    assert "cannot be used" in finding.message


def test_a_database_that_is_locked_is_told(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.sqlite.BUSY_MILLISECONDS", 1)
    hurried = open_database(settings.resolved_database_url)
    with write_session(engine) as holder:
        holder.connection()

        finding = examine_database(hurried)

    assert finding.verdict is Verdict.FAILURE
    assert "takes no write now" in finding.message
    hurried.dispose()


@pytest.mark.parametrize(
    ("needed", "verdict"),
    [(0, Verdict.OK), (0.5, Verdict.WARNING), (1.5, Verdict.FAILURE)],
)
def test_little_room_is_a_warning_and_too_little_a_failure(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    needed: float,
    verdict: Verdict,
) -> None:
    monkeypatch.setattr("app.doctor.storage.free_bytes", lambda _: 1000)
    tight = settings.model_copy(update={"min_free_bytes": int(needed * 1000)})

    [finding] = examine_disk(tight)

    assert finding.verdict is verdict
    assert bool(finding.remedy) is (verdict is not Verdict.OK)


def test_a_directory_that_is_not_there_is_told(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"data_dir": Path("/nowhere")})

    [finding] = examine_disk(nowhere)

    assert finding.message == "There is no data directory /nowhere."


@pytest.mark.parametrize(
    ("directory", "kind"),
    [("/srv/data", "nfs4"), ("/srv/local/data", "xfs"), ("/var", "ext4")],
)
def test_the_nearest_mount_says_which_file_system_it_is(
    tmp_path: Path, directory: str, kind: str
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)

    assert file_system_of(Path(directory), mounts) == kind


def test_where_mounts_are_not_listed_nothing_is_known(tmp_path: Path) -> None:
    assert file_system_of(tmp_path, tmp_path / "mounts") == ""


def test_sqlite_on_a_network_file_system_is_a_failure(
    settings: Settings, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {settings.data_dir} nfs rw 0 0\n")
    elsewhere = settings.model_copy(update={"database_url": "postgresql://h/d"})

    _room, finding = examine_disk(settings, mounts)

    assert finding.verdict is Verdict.FAILURE
    assert "network file system (nfs)" in finding.message
    assert len(list(examine_disk(elsewhere, mounts))) == 1
