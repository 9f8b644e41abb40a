"""The page at `/` is served whole from here, under a strict policy, and is light."""

import gzip
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import app as application

WEB = Path(application.__file__).parent / "web"
FOLDER = WEB / "page"
PAGE = (FOLDER / "index.html").read_text()
ADDRESSES = re.findall(r'(?:src|href)="(static/[^"]*)"', PAGE)
MODULES = sorted(FOLDER.glob("*.js"))
IMPORTS = re.compile(r'from "([^"]+)"')
LARGEST_TRANSFER = 250_000


def imported_by(module: Path) -> set[Path]:
    names = IMPORTS.findall(module.read_text())
    return {(module.parent / name).resolve() for name in names}


def test_the_page_comes_under_a_strict_policy(client: TestClient) -> None:
    response = client.get("/")

    policy = dict(
        part.split(" ", 1)
        for part in response.headers["Content-Security-Policy"].split("; ")
    )
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_the_page_is_asked_for_again(client: TestClient) -> None:
    response = client.get("/")

    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["ETag"]


def test_the_page_holds_no_script_or_style_of_its_own(client: TestClient) -> None:
    page = client.get("/").text

    assert re.findall(r"<script[^>]*>([^<]+)", page) == []
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)


@pytest.mark.parametrize("root_path", ["", "/mill"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_the_page_needs_is_beside_it(
    client: TestClient, address: str, root_path: str
) -> None:
    below = TestClient(client.app, root_path=root_path)

    response = below.get(f"{root_path}/{address}")

    assert response.status_code == 200


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_imports_only_what_is_there(module: Path) -> None:
    assert all(other.is_file() for other in imported_by(module))


def test_every_module_is_used() -> None:
    linked = {WEB / address.removeprefix("static/") for address in ADDRESSES}
    used = linked.union(*map(imported_by, MODULES))

    assert set(MODULES) <= used


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_is_one_noun_of_less_than_200_lines(module: Path) -> None:
    lines = module.read_text().splitlines()

    assert lines[0].startswith("// ")
    assert len(lines) < 200


def test_the_page_names_no_other_site() -> None:
    own = [file.read_text() for file in FOLDER.iterdir() if file.suffix != ".svg"]

    assert not any(re.search("https?:", text) for text in own)


def test_the_whole_page_weighs_little() -> None:
    libraries = {path for module in MODULES for path in imported_by(module)}
    linked = {WEB / address.removeprefix("static/") for address in ADDRESSES}
    files = libraries | linked | set(MODULES) | {FOLDER / "index.html"}

    total = sum(len(gzip.compress(file.read_bytes())) for file in files)

    assert total <= LARGEST_TRANSFER


def test_the_page_is_not_part_of_the_interface(client: TestClient) -> None:
    assert "/" not in client.get("/openapi.json").json()["paths"]
