"""A real browser with the network closed, before a real server."""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Literal

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

ColorScheme = Literal["light", "dark"]

# Nobody waits for it, except on a machine with much else to do.
PATIENCE_MS = 20_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Not by a route for all requests: each would wait for us, and none be cached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@dataclass
class Visit:
    """A page, what it asked of other sites in vain, and what it complained of."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "blob:", "data:")):
            self.foreign.append(request.url)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("there is no Chromium, which CI must have: make browser")
    if path is None:
        pytest.skip("there is no Chromium: make browser")
    return path


# Not for the session: while it lives, no other test can run an event loop.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    # The socket listens before the server runs, so nobody has to wait for it.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def color_scheme() -> ColorScheme:
    return "light"


@pytest.fixture
def visit(browser: Browser, address: str, color_scheme: ColorScheme) -> Iterator[Visit]:
    page = browser.new_page(color_scheme=color_scheme)
    visit = Visit(page, address)
    page.on("request", visit.watch)
    page.on("console", visit.hear)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    page.close()
