"""`modelmill` as a shell sees it: one line on stderr and a status."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from tests.cli.conftest import NOBODY, RunCommand

Refusal = Callable[..., str]


@pytest.fixture
def refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusal:
    """Run `modelmill`, which must fail; give the one line that it says."""

    def run(*arguments: str, status: int = 1) -> str:
        monkeypatch.setattr(sys, "argv", ["modelmill", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
        assert exit_.value.code == status
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
    assert refusal("train", "--url", NOBODY, status=3).startswith(
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


def test_settings_that_do_not_go_together_are_named_without_their_values(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_AUTH", "off")
    monkeypatch.setenv("MODELMILL_HOST", "0.0.0.0")

    assert refusal("serve").rstrip() == (
        "modelmill: MODELMILL_AUTH=off needs a loopback address, not 0.0.0.0"
    )


def test_serving_on_a_taken_port_is_one_line(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("MODELMILL_PORT", port)

        assert refusal("serve").startswith(f"modelmill: Port {port} on 127.0.0.1 is ")


def test_an_error_of_a_local_command_is_one_line(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))

    assert refusal("db", "backup", "copy").startswith("modelmill: There is no database")


def test_as_json_an_error_is_a_document(refusal: Refusal) -> None:
    error = json.loads(refusal("jobs", "list", "--json", "--url", NOBODY, status=3))

    assert (error["object"], error["code"]) == ("error", "unreachable")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["jobs", "list", "--nope"], "--nope", id="option"),
        pytest.param(["jobs", "dance"], "dance", id="command"),
        pytest.param(["train", "--set", "epochs"], "NAME=VALUE", id="value"),
        pytest.param(["predict"], "files", id="missing argument"),
    ],
)
def test_as_json_a_misuse_is_a_document(
    refusal: Refusal, arguments: list[str], words: str
) -> None:
    error = json.loads(refusal(*arguments, "--json", status=2))

    assert (error["object"], error["code"]) == ("error", "misused")
    assert words in error["detail"]


def test_help_and_success_exit_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["modelmill", "jobs", "list", "--help", "--json"])

    with pytest.raises(SystemExit) as exit_:
        main()

    assert not exit_.value.code
    assert "--json" in capsys.readouterr().out


def test_commands_that_speak_http_load_no_database() -> None:
    program = "import sys, app.cli; print(*sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    heavy = {"sqlalchemy", "celery", "redis", "numpy", "torch", "fastapi"}
    assert heavy.isdisjoint(run.stdout.split())


def test_every_command_is_offered_with_its_help(run: RunCommand) -> None:
    shown = run("--help").stdout

    for name in ("train", "jobs", "serve", "worker", "demo", "doctor", "data", "db"):
        assert f"│ {name} " in shown
    assert "Start broker, worker and api" in shown


def test_an_unknown_command_is_misuse(run: RunCommand) -> None:
    assert run("dance").exit_code == 2


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param("modelmill ", {"train", "jobs", "predict"}, id="commands"),
        pytest.param("modelmill jobs ", {"list", "show", "stop"}, id="subcommands"),
        pytest.param("modelmill jobs list --", {"--json", "--url"}, id="options"),
    ],
)
def test_a_shell_completes_words(words: str, offered: set[str]) -> None:
    where = {"_MODELMILL_COMPLETE": "complete_bash", "COMP_WORDS": words}
    count = {"COMP_CWORD": str(len(words.split(" ")) - 1)}
    program = "import sys; sys.argv[0] = 'modelmill'; from app.cli import main; main()"

    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | where | count,
        capture_output=True,
        text=True,
        check=True,
    )

    assert offered <= set(run.stdout.split())


def test_completion_can_be_installed(tmp_path: Path) -> None:
    program = "import sys; sys.argv[0] = 'modelmill'; from app.cli import main; main()"
    # Only a terminal has a shell to be detected.
    told = {"HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}

    subprocess.run(
        [sys.executable, "-c", program, "--install-completion", "bash"],
        env=os.environ | told,
        capture_output=True,
        check=True,
    )

    script = (tmp_path / ".bash_completions" / "modelmill.sh").read_text()
    assert "_MODELMILL_COMPLETE=complete_bash" in script
