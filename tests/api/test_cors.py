"""Pages of other origins may read answers if a setting names them."""

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from app.main import create_app
from app.settings import Settings
from tests.factories import read_problem

LAB = "https://lab.example"
PREFLIGHT = {
    "Origin": LAB,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization",
}
ALLOWED = "access-control-allow-origin"


def client_of(settings: Settings, *origins: str) -> TestClient:
    named = {"cors_origins": origins, "auth": "on"}
    app = create_app(settings.model_copy(update=named))
    return TestClient(app, raise_server_exceptions=False)


def test_by_default_no_other_page_may_read_anything(client: TestClient) -> None:
    response = client.get("/healthz", headers={"Origin": LAB})

    assert ALLOWED not in response.headers
    assert client.options("/jobs", headers=PREFLIGHT).status_code == 405


def test_a_page_that_is_named_may_read_answers_and_refusals(settings: Settings) -> None:
    client = client_of(settings, LAB)

    for path, status in (("/healthz", 200), ("/jobs", 401), ("/static/none", 404)):
        response = client.get(path, headers={"Origin": LAB})
        assert response.status_code == status
        assert response.headers[ALLOWED] == LAB
        assert "Origin" in response.headers["vary"]
        assert "X-Request-ID" in response.headers["access-control-expose-headers"]


def test_what_a_browser_asks_first_is_answered_without_a_key(
    settings: Settings,
) -> None:
    response = client_of(settings, LAB).options("/jobs", headers=PREFLIGHT)

    assert response.status_code == 204
    assert response.headers[ALLOWED] == LAB
    assert "PATCH" in response.headers["access-control-allow-methods"]
    assert "Idempotency-Key" in response.headers["access-control-allow-headers"]
    assert response.headers["x-request-id"]


def test_a_page_that_is_not_named_may_not_read_anything(settings: Settings) -> None:
    client = client_of(settings, "https://other.example")

    asked = client.options("/jobs", headers=PREFLIGHT)
    told = client.get("/healthz", headers={"Origin": LAB})

    assert read_problem(asked)["code"] == "key_missing"
    assert ALLOWED not in asked.headers
    assert ALLOWED not in told.headers
    assert told.headers["vary"] == "Origin"


def test_a_request_of_no_page_is_answered_as_ever(settings: Settings) -> None:
    response = client_of(settings, LAB).get("/healthz")

    assert response.status_code == 200
    assert ALLOWED not in response.headers


def test_every_page_may_read_where_the_setting_says_so(settings: Settings) -> None:
    response = client_of(settings, "*").get("/healthz", headers={"Origin": LAB})

    assert response.headers[ALLOWED] == "*"


def test_a_body_that_is_too_large_is_refused_readably(settings: Settings) -> None:
    open_to_all = {"cors_origins": (LAB,), "auth": "off", "max_body_bytes": 10}
    app = create_app(settings.model_copy(update=open_to_all))

    response = TestClient(app).post(
        "/jobs", content=bytes(100), headers={"Origin": LAB}
    )

    assert read_problem(response)["code"] == "body_too_large"
    assert response.headers[ALLOWED] == LAB


def test_origins_and_networks_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODELMILL_CORS_ORIGINS", f"{LAB}, http://localhost:3000")
    monkeypatch.setenv("MODELMILL_WEBHOOK_NETWORKS", "10.0.0.0/8,::1/128")

    settings = Settings()

    assert settings.cors_origins == (LAB, "http://localhost:3000")
    assert [str(one) for one in settings.webhook_networks] == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize("origin", ["lab.example", f"{LAB}/", "https://*.example"])
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError):
        Settings(cors_origins=(origin,))
