"""A service with keys: the page asks for one, and every request carries it."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from app.database.engine import write_session
from app.keys import store
from app.keys.scope import USUAL, Scope
from app.settings import Settings
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.stories import Story
from tests.browser.told import story as story
from tests.browser.told import told as told
from tests.factories import record_epoch

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"auth": "on"})


@pytest.fixture
def key(engine: Engine) -> str:
    with write_session(engine) as session:
        _row, key = store.create_key(session, "page", USUAL)
        return key


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_page_asks_for_a_key(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/")

    expect(visit.page.get_by_label("Key")).to_be_visible()
    assert violations(visit.page) == []


def test_a_wrong_key_is_told_and_a_right_one_opens(
    visit: Visit, story: Story, key: str
) -> None:
    visit.page.goto(f"{visit.address}/")

    sign_in(visit.page, "wrong")
    expect(visit.page.get_by_text("does not know this key")).to_be_visible()
    sign_in(visit.page, key)

    expect(visit.page.get_by_role("link", name="Gone well")).to_be_visible()


def test_the_key_is_kept_for_the_tab_alone(
    visit: Visit, story: Story, key: str
) -> None:
    visit.page.goto(f"{visit.address}/")
    sign_in(visit.page, key)
    expect(visit.page.get_by_role("link", name="Gone well")).to_be_visible()

    visit.page.reload()

    expect(visit.page.get_by_role("link", name="Gone well")).to_be_visible()
    assert visit.page.evaluate("localStorage.length") == 0
    assert visit.page.context.cookies() == []


def test_streams_drawings_and_pictures_carry_the_key(
    visit: Visit, story: Story, key: str, engine: Engine
) -> None:
    page = visit.page
    page.goto(f"{visit.address}/#/jobs/{story.running.job_id}")
    sign_in(page, key)
    expect(page.get_by_role("heading", name="Under way")).to_be_visible()

    record_epoch(engine, story.running, 1)
    expect(page.get_by_text("Numbers").first).to_be_visible(timeout=15_000)

    page.get_by_role("link", name="Draw", exact=True).click()
    page.get_by_role("button", name="Draw a 7").click()
    expect(page.locator(".seen")).to_be_visible()
    page.get_by_role("link", name="Inside the network").click()
    expect(page.get_by_alt_text("The filters of layer 0")).to_be_visible()


def test_an_admin_makes_a_key_that_is_shown_once_and_revokes_it(
    visit: Visit, engine: Engine
) -> None:
    page = visit.page
    with write_session(engine) as session:
        _row, key = store.create_key(session, "chief", [Scope.ADMIN])
    page.goto(f"{visit.address}/#/keys")
    sign_in(page, key)
    expect(page.get_by_role("row", name=re.compile("chief"))).to_contain_text("yours")

    page.get_by_label("Who will use it").fill("The till")
    page.get_by_role("button", name="Make the key").click()
    made = page.get_by_label("The key", exact=True)
    expect(made).to_have_value(re.compile("^mm_"))
    assert violations(page) == []
    page.get_by_role("button", name="I have it").click()
    expect(made).to_have_count(0)
    row = page.get_by_role("row", name=re.compile("The till"))
    expect(row).to_contain_text("predict")
    row.get_by_role("button", name="Revoke The till").click()
    row.get_by_role("button", name="Really revoke The till").click()

    expect(row).to_contain_text("revoked")


def test_without_the_scope_the_view_says_so_and_signs_out(
    visit: Visit, key: str
) -> None:
    page = visit.page
    page.goto(f"{visit.address}/#/keys")
    sign_in(page, key)
    expect(page.get_by_role("heading", name="cannot manage keys")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
