"""What `modelmill serve` says when it cannot start: one line, and no traceback."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from app.launcher.place import free_port
from tests.live.service import MODELMILL, live_service

pytestmark = pytest.mark.live


def refusal(**settings: object) -> str:
    """Start the service, which must refuse; return the one line that it says."""
    environment = {f"MODELMILL_{k.upper()}": str(v) for k, v in settings.items()}
    finished = subprocess.run(
        [*MODELMILL, "serve"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 1
    (line,) = finished.stderr.strip().splitlines()
    return line


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert f"Port {port} on 127.0.0.1 is taken" in refusal(
            data_dir=tmp_path, port=port
        )


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a directory")

    line = refusal(data_dir=in_the_way / "var", port=free_port("127.0.0.1"))

    assert f"Cannot write to the data directory {in_the_way / 'var'}" in line


def test_a_second_instance_on_a_directory_is_refused(data_dir: Path) -> None:
    with live_service(data_dir):
        line = refusal(data_dir=data_dir, port=free_port("127.0.0.1"))

    assert f"Another Modelmill already runs on {data_dir}" in line


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modelmill.sqlite3").write_bytes(b"this is not a database" * 100)

    line = refusal(data_dir=tmp_path, port=free_port("127.0.0.1"))

    assert "file is not a database" in line


def test_a_setting_that_is_no_number_is_named(tmp_path: Path) -> None:
    assert "MODELMILL_PORT" in refusal(data_dir=tmp_path, port="eighty")
