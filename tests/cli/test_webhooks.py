"""`modelmill webhooks` and `modelmill audit` tell what the service tells and noted."""

import json

from app.client import Client
from tests.cli.conftest import RunCommand

HOOK = "https://example.com/hook"


def test_a_webhook_is_made_tried_and_deleted(url: str, run: RunCommand) -> None:
    made = run("webhooks", "create", HOOK, "--event", "job.failed", "--url", url)
    [hook] = Client(url).webhooks()
    sent = run("webhooks", "test", hook["id"], "--url", url)
    [delivery] = Client(url).deliveries(hook["id"])
    again = run("webhooks", "redeliver", hook["id"], delivery["id"], "--url", url)

    shown = run("webhooks", "deliveries", hook["id"], "--url", url, "--json")
    listed = run("webhooks", "list", "--url", url, "--json")
    deleted = run("webhooks", "delete", hook["id"], "--url", url)

    assert "secret whsec_" in made.stdout
    assert delivery["id"] in sent.stdout
    assert "on its way" in again.stdout
    assert len(json.loads(shown.stdout)["data"]) == 2
    assert json.loads(listed.stdout)["data"] == [hook]
    assert "deleted" in deleted.stdout
    assert Client(url).webhooks() == []


def test_webhooks_and_deliveries_are_shown_to_people(url: str, run: RunCommand) -> None:
    hook = Client(url).create_webhook(HOOK)["id"]
    Client(url).ping(hook)

    listed = run("webhooks", "list", "--url", url)
    failed = run("webhooks", "deliveries", hook, "--status", "failed", "--url", url)
    all_of_them = run("webhooks", "deliveries", hook, "--url", url)

    assert "everything" in listed.stdout
    assert "waiting" in all_of_them.stdout
    assert "waiting" not in failed.stdout


def test_deliveries_are_read_page_by_page(url: str) -> None:
    client = Client(url)
    hook = client.create_webhook(HOOK)["id"]
    sent = [client.ping(hook)["id"] for _ in range(3)]

    found = [one["id"] for one in client.deliveries(hook, page=2)]

    assert found == sent[::-1]


def test_the_audit_log_is_shown(url: str, run: RunCommand) -> None:
    Client(url).create("/models", {"name": "digits"})
    Client(url).create_webhook(HOOK)

    shown = run("audit", "--target", "/models/digits", "--url", url)
    found = run("audit", "--action", "createWebhook", "--url", url, "--json")

    assert "createModel" in shown.stdout
    assert "createWebhook" not in shown.stdout
    assert len(json.loads(found.stdout)["data"]) == 1
