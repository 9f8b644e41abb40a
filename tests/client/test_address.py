"""The key that is given goes first; the one of this machine goes nowhere else."""

from pathlib import Path

import pytest

from app.client.address import find_key, find_url
from app.key_file import write_key_file

HERE, ELSEWHERE = "http://localhost:8000", "https://example.org"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first start on this machine have left a key."""
    write_key_file(tmp_path, "mm_first_x")
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MODELMILL_KEY", raising=False)
    monkeypatch.delenv("MODELMILL_URL", raising=False)


def test_a_service_on_this_machine_gets_the_key_of_its_first_start() -> None:
    assert find_key(None, HERE) == "mm_first_x"
    assert find_key(None, ELSEWHERE) is None


def test_what_is_given_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODELMILL_KEY", "mm_env_x")
    monkeypatch.setenv("MODELMILL_URL", ELSEWHERE)

    assert find_key("mm_given_x", HERE) == "mm_given_x"
    assert find_key(None, ELSEWHERE) == "mm_env_x"
    assert find_url(None) == ELSEWHERE
    assert find_url(f"{HERE}/") == HERE


def test_without_any_key_none_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path / "elsewhere"))

    assert find_key(None, HERE) is None
    assert find_url(None) == "http://127.0.0.1:8000"
