"""Webhooks are made, changed and asked what arrived, each by the key that has it."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from standardwebhooks import Webhook as Verifier

from app.api.deps import Services
from app.keys.scope import USUAL, Scope
from app.main import create_app
from app.settings import Settings
from tests.api.test_keys import bearer
from tests.factories import read_problem
from tests.webhooks.receiver import Receiver, receiving

URL = "https://example.com/hook"
NOWHERE = f"/webhooks/{UUID(int=7)}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def make(client: TestClient, **wanted: object) -> dict[str, Any]:
    response = client.post("/webhooks", json={"url": URL, **wanted})
    assert response.status_code == 201
    made: dict[str, Any] = response.json()
    return made


def test_a_webhook_is_made_and_its_secret_shown_once(client: TestClient) -> None:
    response = client.post("/webhooks", json={"url": URL, "events": ["job.failed"]})

    made = response.json()
    shown = client.get(response.headers["location"]).json()
    assert response.headers["cache-control"] == "no-store"
    assert made["secret"].startswith("whsec_")
    assert shown == {name: made[name] for name in made if name != "secret"}
    assert (shown["events"], shown["is_enabled"]) == (["job.failed"], True)
    assert client.get("/webhooks").json()["data"] == [shown]


def test_none_yet_is_an_empty_list(client: TestClient) -> None:
    listed = client.get("/webhooks").json()

    assert (listed["data"], listed["first_id"]) == ([], None)


@pytest.mark.parametrize("url", ["ftp://example.com", "http://127.0.0.1/", "nonsense"])
def test_an_address_inside_is_refused(client: TestClient, url: str) -> None:
    problem = read_problem(client.post("/webhooks", json={"url": url}))

    assert (problem["status"], problem["code"]) == (422, "webhook_refused")


def test_an_event_that_does_not_exist_is_refused(client: TestClient) -> None:
    wanted = {"url": URL, "events": ["job.eaten"]}

    problem = read_problem(client.post("/webhooks", json=wanted))

    assert problem["errors"][0]["pointer"] == "/body/events/0"


def test_there_are_so_many_and_no_more(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.webhooks.store.MOST_WEBHOOKS", 1)
    make(client)

    problem = read_problem(client.post("/webhooks", json={"url": URL}))

    assert problem["code"] == "too_many_webhooks"


def test_a_webhook_is_changed_as_far_as_it_is_said(client: TestClient) -> None:
    made = make(client, events=["job.failed"], description="chat")
    place = f"/webhooks/{made['id']}"
    other = {"url": "https://example.org/", "events": None, "description": None}

    changed = client.patch(place, json=other).json()
    same = client.patch(place, json={"url": None}).json()

    assert changed == same
    assert (changed["url"], changed["events"]) == ("https://example.org/", [])
    assert changed["description"] is None
    refused = client.patch(place, json={"url": "http://10.0.0.1/"})
    assert read_problem(refused)["code"] == "webhook_refused"


def test_a_webhook_that_is_disabled_is_sent_nothing_until_it_is_enabled(
    client: TestClient,
) -> None:
    place = f"/webhooks/{make(client)['id']}"
    waiting = client.post(f"{place}/test")

    disabled = client.patch(place, json={"is_enabled": False}).json()

    assert (disabled["is_enabled"], disabled["disabled_reason"]) == (False, "by_user")
    assert read_problem(client.post(f"{place}/test"))["code"] == "webhook_disabled"
    again = f"{waiting.headers['location']}/redeliver"
    assert read_problem(client.post(again))["code"] == "webhook_disabled"
    assert client.get(waiting.headers["location"]).json()["status"] == "failed"
    assert client.patch(place, json={"is_enabled": True}).json()["is_enabled"]
    assert client.post(again).status_code == 202


def test_a_deleted_webhook_is_gone_with_its_deliveries(client: TestClient) -> None:
    place = f"/webhooks/{make(client)['id']}"
    client.post(f"{place}/test")

    assert client.delete(place).status_code == 204
    assert read_problem(client.get(place))["code"] == "webhook_not_found"


def test_a_rotated_secret_is_another_one(client: TestClient) -> None:
    made = make(client)

    rotated = client.post(f"/webhooks/{made['id']}/secret")

    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["secret"] != made["secret"]


def test_deliveries_are_listed_in_pages_and_by_status(client: TestClient) -> None:
    place = f"/webhooks/{make(client)['id']}"
    pings = [client.post(f"{place}/test").json()["id"] for _ in range(3)]

    first = client.get(f"{place}/deliveries", params={"limit": 2}).json()
    rest = client.get(f"{place}/deliveries", params={"after": first["last_id"]}).json()
    none = client.get(f"{place}/deliveries", params={"status": "failed"}).json()

    found = [one["id"] for one in first["data"] + rest["data"]]
    assert (found, first["has_more"], rest["has_more"]) == (pings[::-1], True, False)
    assert none["data"] == []
    unknown = client.get(f"{place}/deliveries", params={"after": str(UUID(int=1))})
    assert read_problem(unknown)["code"] == "unknown_cursor"


def test_a_delivery_of_another_webhook_is_not_found(client: TestClient) -> None:
    first, second = make(client), make(client)
    sent = client.post(f"/webhooks/{first['id']}/test").json()

    foreign = client.get(f"/webhooks/{second['id']}/deliveries/{sent['id']}")

    assert read_problem(foreign)["code"] == "delivery_not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/secret"),
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("GET", f"/deliveries/{UUID(int=1)}"),
        ("POST", f"/deliveries/{UUID(int=1)}/redeliver"),
    ],
)
def test_a_webhook_that_is_not_there_is_not_found(
    client: TestClient, method: str, path: str
) -> None:
    body: dict[str, str] | None = {} if method == "PATCH" else None
    problem = read_problem(client.request(method, NOWHERE + path, json=body))

    assert problem["code"] == "webhook_not_found"


def test_a_key_sees_its_own_webhooks_and_an_admin_all(
    settings: Settings, app: FastAPI, client: TestClient, engine: Engine
) -> None:
    keyed(app, settings)
    anna, bert = bearer(engine, *USUAL), bearer(engine, *USUAL)
    admin, reader = bearer(engine, Scope.ADMIN), bearer(engine, Scope.READ)
    made = client.post("/webhooks", json={"url": URL}, headers=anna).json()
    place = f"/webhooks/{made['id']}"

    assert client.get(place, headers=anna).status_code == 200
    assert client.get(place, headers=bert).status_code == 404
    assert client.delete(place, headers=bert).status_code == 404
    assert client.get("/webhooks", headers=bert).json()["data"] == []
    assert len(client.get("/webhooks", headers=admin).json()["data"]) == 1
    assert (
        client.post("/webhooks", json={"url": URL}, headers=reader).status_code == 403
    )


def keyed(app: FastAPI, settings: Settings) -> None:
    services: Services = app.state.services
    guarded = settings.model_copy(update={"auth": "on"})
    app.state.services = Services(**{**vars(services), "settings": guarded})


def test_a_whole_service_tells_a_receiver_of_a_job(
    settings: Settings, engine: Engine, receiver: Receiver
) -> None:
    networks = (ip_network("127.0.0.0/8"),)
    settings = settings.model_copy(update={"webhook_networks": networks})

    with TestClient(create_app(settings)) as client:
        secret = make(client, url=receiver.url, events=["job.queued"])["secret"]
        job = client.post("/jobs", json={"epochs": 1}).json()
        place = client.get("/webhooks").json()["last_id"]
        client.post(f"/webhooks/{place}/test")
        received = [receiver.next(), receiver.next()]

    told = [Verifier(secret).verify(one.body, one.headers) for one in received]
    news = {one["type"]: one["data"] for one in told}
    assert set(news) == {"job.queued", "webhook.ping"}
    assert news["job.queued"] == {"job_id": job["id"], "number": 1, "attempt": 0}
