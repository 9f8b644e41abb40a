"""The docs pages are served whole from here, under a strict policy and any prefix."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import app as application

WEB = Path(application.__file__).parent / "web"
PACKAGES = json.loads((WEB / "vendor" / "vendor.json").read_text())["packages"]
FILES = [
    (f"{package['folder']}/{file['name']}", file["sha256"])
    for package in PACKAGES
    for file in package["files"]
]
PAGES = [page.read_text() for page in (WEB / "docs").glob("*.html")]
ADDRESSES = sorted(
    {
        address
        for page in PAGES
        for address in re.findall(r'(?:src|href|data-url)="([^"]*)"', page)
    }
)
both_pages = pytest.mark.parametrize("path", ["/docs", "/redoc"])


@both_pages
def test_the_page_comes_under_a_strict_policy(client: TestClient, path: str) -> None:
    response = client.get(path)

    policy = response.headers["Content-Security-Policy"].split("; ")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert {"default-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert not any(part.startswith("script-src") for part in policy)


@both_pages
def test_the_page_is_made_for_people(client: TestClient, path: str) -> None:
    page = client.get(path).text

    assert '<html lang="en">' in page
    assert 'name="viewport"' in page
    assert "<title>Modelmill API" in page
    assert 'data-url="openapi.json">' in page


@both_pages
def test_the_page_holds_no_script_or_style_of_its_own(
    client: TestClient, path: str
) -> None:
    page = client.get(path).text

    assert re.findall(r"<script[^>]*>([^<]+)", page) == []
    assert "<style" not in page
    assert " style=" not in page


def test_the_page_names_no_other_site() -> None:
    own_files = [file.read_text() for file in (WEB / "docs").iterdir()]

    assert not any("//" in address for address in ADDRESSES)
    assert not any("http:" in text or "https:" in text for text in own_files)


@pytest.mark.parametrize("root_path", ["", "/mill"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_the_page_needs_is_beside_it(
    client: TestClient, address: str, root_path: str
) -> None:
    below = TestClient(client.app, root_path=root_path)

    response = below.get(f"{root_path}/{address}")

    assert not address.startswith("/")
    assert response.status_code == 200


def test_a_slash_too_many_leads_to_the_page(client: TestClient) -> None:
    response = client.get("/docs/")

    assert response.url.path == "/docs"
    assert response.status_code == 200


def test_the_page_is_not_part_of_the_interface_it_shows(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    assert "/docs" not in paths
    assert "/openapi.json" not in paths


@pytest.mark.parametrize(("root_path", "server"), [("", "/"), ("/mill", "/mill")])
def test_the_server_is_where_the_service_is_mounted(
    app: FastAPI, root_path: str, server: str
) -> None:
    response = TestClient(app, root_path=root_path).get("/openapi.json")

    assert response.json() == {**app.openapi(), "servers": [{"url": server}]}


def test_files_of_a_version_are_kept_by_browsers(client: TestClient) -> None:
    response = client.get("/static/vendor/swagger-ui-5.35.0/swagger-ui.css")

    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["docs/init.js", "vendor/vendor.json"])
def test_what_is_not_of_a_version_is_not_kept(client: TestClient, path: str) -> None:
    response = client.get(f"/static/{path}")

    assert response.headers["Cache-Control"] == "no-cache"


def test_files_travel_compressed(client: TestClient) -> None:
    response = client.get("/static/vendor/swagger-ui-5.35.0/swagger-ui.css")

    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]


def test_our_own_files_are_asked_for_again(client: TestClient) -> None:
    first = client.get("/static/docs/init.js")

    again = client.get(
        "/static/docs/init.js", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/static/none.js", "/static/../errors.py", "/static/%2e%2e/errors.py"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize(("name", "sha256"), FILES, ids=[name for name, _sha in FILES])
def test_a_vendored_file_is_the_published_one(name: str, sha256: str) -> None:
    content = (WEB / "vendor" / name).read_bytes()

    assert hashlib.sha256(content).hexdigest() == sha256


def test_every_vendored_file_is_named() -> None:
    vendor = WEB / "vendor"
    found = {
        str(file.relative_to(vendor)) for file in vendor.glob("*/*") if file.is_file()
    }

    assert found == {name for name, _sha256 in FILES}


LICENCES = {"Apache-2.0": "Apache License", "MIT": "Permission is hereby granted"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_vendored_package_brings_its_licence(package: dict[str, str]) -> None:
    licence = WEB / "vendor" / package["folder"] / package["licence_file"]

    assert LICENCES[package["licence"]] in licence.read_text()
    assert package["version"] in package["folder"]
    assert package["version"] in package["source"]
