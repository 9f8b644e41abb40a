"""The receiver of docs/webhooks.md works, and every message is told of there."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.models import now
from app.webhook_models import EventType, Webhook
from app.webhooks.signing import new_secret, signed_headers

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()


def receiver(secret: str) -> TestClient:
    """Run the page's program, as somebody would who copies it."""
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(program.replace("whsec_…", secret), names)
    return TestClient(names["app"])


def test_the_receiver_takes_what_is_signed_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hook = Webhook(url="https://example.com", events=[], secret=new_secret())
    body = '{"type":"webhook.ping","data":{}}'
    headers = signed_headers(hook, "msg_1", body, now())
    client = receiver(hook.secret)

    taken = client.post("/hook", content=body, headers=headers)
    forged = client.post("/hook", content=body + " ", headers=headers)

    assert (taken.status_code, forged.status_code) == (204, 401)
    assert capsys.readouterr().out == "webhook.ping {}\n"


def test_the_receiver_is_short() -> None:
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    assert len([line for line in program.splitlines() if line]) <= 10


@pytest.mark.parametrize("kind", EventType)
def test_every_message_is_told_of(kind: EventType) -> None:
    assert f"`{kind}`" in PAGE
