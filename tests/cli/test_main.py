"""`modelmill` as a shell sees it: one line on stderr and a status."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from tests.cli.conftest import NOBODY

Refusal = Callable[..., str]


@pytest.fixture
def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusal:
    """Run `modelmill`, which must fail; give the one line that it says."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["modelmill", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
        assert exit_.value.code == 1
        said = capsys.readouterr()
        assert said.out == ""
        (line,) = said.err.splitlines()
        return line

    return run


def test_an_error_of_ours_is_one_line(refusal: Refusal) -> None:
    assert refusal("predict", "nothing.png") == (
        "modelmill: Cannot read nothing.png: No such file or directory."
    )


def test_a_service_that_is_not_there_is_one_line(refusal: Refusal) -> None:
    assert refusal("train", "--url", NOBODY).startswith(
        f"modelmill: No Modelmill answers at {NOBODY} "
    )


def test_each_bad_setting_is_named_with_what_was_given(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_PORT", "eighty")
    monkeypatch.setenv("MODELMILL_MAX_ATTEMPTS", "0")

    first, second = refusal("serve").split("; ")

    assert first.startswith("modelmill: MODELMILL_PORT: Input should be a valid int")
    assert first.endswith("(got 'eighty')")
    assert second.startswith("MODELMILL_MAX_ATTEMPTS: Input should be greater than")


def test_serving_on_a_taken_port_is_one_line(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("MODELMILL_PORT", port)

        assert refusal("serve").startswith(f"modelmill: Port {port} on 127.0.0.1 is ")
