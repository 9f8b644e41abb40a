"""The page at `/` in a real browser: every view whole, quiet, and for everybody."""

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.stories import Story, upload
from tests.browser.told import story as story
from tests.browser.told import told as told

pytestmark = pytest.mark.browser

VIEWS = {
    "jobs": ("#/jobs", "table.jobs tbody tr"),
    "new": ("#/new", ".new-job .layers tfoot"),
    "succeeded": ("#/jobs/{succeeded}", ".worst li"),
    "failed": ("#/jobs/{failed}", ".failure"),
    "running": ("#/jobs/{running}", ".chart"),
    "compare": ("#/compare?ids={succeeded},{failed}", ".differences"),
    "draw": ("#/draw", ".bars"),
    "inside": ("#/inside", ".stages li"),
    "datasets": ("#/datasets", "table.rows"),
    "dataset": ("#/datasets/{dataset}", ".balance"),
    "models": ("#/models", "table.rows"),
    "model": ("#/models/digits", ".aliases"),
    "keys": ("#/keys", ".scopes"),
}
STOCKED = {"datasets", "dataset", "models", "model"}
LARGEST_TRANSFER = 250_000
API = re.compile(r"/(jobs|workers)(\?|/|$)")
NARROW: ViewportSize = {"width": 320, "height": 700}


def open_view(visit: Visit, view: str, story: Story) -> None:
    """Go to a view and wait until it shows what it is for."""
    address, sign = VIEWS[view]
    dataset = upload(visit) if view in STOCKED else ""
    ids = {**vars(story), "running": story.running.job_id, "dataset": dataset}
    visit.page.goto(f"{visit.address}/{address.format_map(ids)}")
    expect(visit.page.locator(sign).first).to_be_visible()


def close_to_all(visit: Visit) -> None:
    visit.page.route(API, lambda route: route.abort())


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_for_everybody(visit: Visit, story: Story, view: str) -> None:
    open_view(visit, view, story)
    assert violations(visit.page) == []

    visit.page.emulate_media(color_scheme="dark")
    assert violations(visit.page) == []

    visit.page.set_viewport_size(NARROW)
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width == NARROW["width"]
    assert visit.complaints == []
    assert visit.foreign == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_first_visit_offers_a_first_network(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/")

    offer = visit.page.get_by_role("link", name="Train a first network")
    expect(offer).to_be_visible()
    assert violations(visit.page) == []


@pytest.mark.parametrize("view", ["draw", "inside"])
def test_without_a_network_a_view_says_how_to_get_one(visit: Visit, view: str) -> None:
    visit.page.goto(f"{visit.address}/#/{view}")

    expect(visit.page.get_by_role("heading", name="No network yet")).to_be_visible()


def test_a_first_visit_transfers_little(visit: Visit, story: Story) -> None:
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.append(event["encodedDataLength"]),
    )

    open_view(visit, "succeeded", story)
    visit.page.wait_for_load_state("networkidle")

    assert 0 < sum(sizes) <= LARGEST_TRANSFER


def test_a_script_that_slipped_in_would_not_run(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/")

    visit.page.evaluate(
        "const script = document.createElement('script');"
        "script.textContent = 'window.slippedIn = true';"
        "document.body.append(script)"
    )

    assert visit.page.evaluate("window.slippedIn") is None
    assert any("Content Security Policy" in said for said in visit.complaints)


def test_without_the_service_the_page_says_so_and_recovers(
    visit: Visit, story: Story
) -> None:
    close_to_all(visit)
    visit.page.goto(f"{visit.address}/#/jobs")
    expect(visit.page.get_by_role("heading", name="No connection")).to_be_visible()

    visit.page.unroute_all()
    visit.page.get_by_role("button", name="Try again").click()

    expect(visit.page.get_by_role("link", name="Gone well")).to_be_visible()


def test_a_page_that_comes_in_part_says_so_and_is_tried_again(
    visit: Visit, story: Story
) -> None:
    visit.page.route("**/jobs.js", lambda route: route.abort())
    visit.page.goto(f"{visit.address}/")
    expect(visit.page.get_by_role("alert")).to_contain_text("could not be loaded")

    visit.page.unroute_all()
    visit.page.get_by_role("button", name="Try again").click()

    expect(visit.page.get_by_role("link", name="Gone well")).to_be_visible()


def test_what_was_there_stays_while_the_service_is_away(
    visit: Visit, story: Story
) -> None:
    open_view(visit, "jobs", story)

    close_to_all(visit)

    expect(visit.page.get_by_text("The service cannot be reached")).to_be_visible(
        timeout=20_000
    )
    expect(visit.page.get_by_role("link", name="Gone well")).to_be_visible()


def test_a_view_names_itself_in_the_tab(visit: Visit, story: Story) -> None:
    open_view(visit, "draw", story)

    expect(visit.page).to_have_title("Draw · Modelmill")


def test_another_view_begins_at_its_top(visit: Visit, story: Story) -> None:
    open_view(visit, "succeeded", story)

    visit.page.get_by_role("link", name="Draw with epoch 1").click()

    expect(visit.page.locator("main")).to_be_focused()
    assert visit.page.evaluate("window.scrollY") == 0


def test_the_keyboard_reaches_the_content_first(visit: Visit, story: Story) -> None:
    open_view(visit, "jobs", story)

    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_text("Skip to content")).to_be_focused()
    visit.page.keyboard.press("Enter")

    expect(visit.page.locator("main")).to_be_focused()
