"""The code that runs is named by version, and by commit where git knows it."""

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from app.revision import commit_of, running_revision


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init")
    (tmp_path / "code").write_text("1")
    git(tmp_path, "add", "code")
    git(tmp_path, "commit", "-m", "One")
    return tmp_path


def test_a_checkout_names_its_commit(checkout: Path) -> None:
    commit = commit_of(checkout)

    assert commit is not None
    assert len(commit) == 40


def test_changes_are_not_hidden(checkout: Path) -> None:
    (checkout / "code").write_text("2")

    assert (commit_of(checkout) or "").endswith("-dirty")


def test_without_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None


def test_a_checkout_that_git_cannot_read_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense")

    assert commit_of(tmp_path) is None


def test_the_version_is_the_package_s() -> None:
    assert running_revision().version == version("modelmill")
