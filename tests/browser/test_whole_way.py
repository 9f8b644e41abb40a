"""The whole way in a browser, through real processes: train, watch, draw, compare."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.conftest import data_dir as data_dir
from tests.live.conftest import real_mnist as real_mnist
from tests.live.service import LiveService, live_service

pytestmark = [pytest.mark.browser, pytest.mark.live]

PATIENCE_MS = 120_000
# Enough to read a seven, in a few seconds.
QUICK = "preset=fast&epochs=6&validation_size=256&seed=1"


@pytest.fixture
def service(data_dir: Path) -> Iterator[LiveService]:
    with live_service(data_dir) as service:
        yield service


@pytest.fixture
def page(browser: Browser, service: LiveService) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def submit(page: Page, url: str, name: str, settings: str) -> None:
    page.goto(f"{url}/#/new?{settings}")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def draw_seven(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    corners = [(90, 75), (205, 75), (150, 165), (120, 235)]
    page.mouse.move(box["x"] + corners[0][0], box["y"] + corners[0][1])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()


def test_a_newcomer_trains_watches_draws_cancels_and_compares(
    service: LiveService, page: Page
) -> None:
    submit(page, service.url, "First", QUICK)
    expect(page.locator(".lead .status")).to_have_text("Succeeded", timeout=PATIENCE_MS)
    page.get_by_text("Numbers").first.click()
    rows = page.get_by_role("region", name="Loss in numbers").locator("tbody tr")
    expect(rows).to_have_count(6)

    page.get_by_role("link", name="Draw with epoch 6").click()
    draw_seven(page)
    expect(page.locator(".verdict .label")).to_have_text("7")

    submit(page, service.url, "Second", "epochs=1000&validation_size=256")
    page.get_by_role("button", name="Cancel Second").click()
    expect(page.locator(".lead .status")).to_have_text("Cancelled", timeout=PATIENCE_MS)

    page.get_by_role("link", name="Jobs", exact=True).first.click()
    page.get_by_label("Compare First").check()
    page.get_by_label("Compare Second").check()
    page.get_by_role("button", name="Compare 2").click()
    differences = page.get_by_role("region", name="Differences")
    expect(differences.get_by_role("link")).to_have_text(["First", "Second"])
