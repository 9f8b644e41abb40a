"""An exit status tells a shell what kind of thing went wrong."""

import pytest

from app.cli.exits import Exit, exit_status, tell
from app.client import NotAuthorized, Problem, Refused, StillRunning
from app.errors import JobNotFound


def test_a_key_that_is_missing_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    error = NotAuthorized(Problem(401, "unauthorized", "No key."), is_passing=False)

    tell(error, as_json=False)

    assert exit_status(error) == Exit.NOT_AUTHORIZED
    assert capsys.readouterr().err == (
        "modelmill: No key.\nGive a key with --key or in MODELMILL_KEY.\n"
    )


def test_a_key_that_allows_less_is_not_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = NotAuthorized(Problem(403, "forbidden", "Not yours."), is_passing=False)

    tell(error, as_json=False)

    assert capsys.readouterr().err == "modelmill: Not yours.\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StillRunning(), "still_running"),
        (Refused(Problem(500, "internal_error", "Oh."), is_passing=False), None),
        (JobNotFound(), "failed"),
    ],
    ids=["ours", "the service's", "another's"],
)
def test_anything_else_is_failure(
    error: StillRunning | Refused | JobNotFound,
    code: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(error, as_json=True)

    assert exit_status(error) == Exit.FAILED
    assert f'"code": "{code or "internal_error"}"' in capsys.readouterr().err
