"""Layers of one's own on the page: added, changed, moved, removed, and told of."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(visit: Visit) -> Locator:
    """Open the layers of LeNet-5, twelve of them."""
    visit.page.goto(f"{visit.address}/#/new?architecture=lenet5")
    visit.page.get_by_label("Architecture").select_option("own")
    editor = visit.page.locator(".layer-editor")
    expect(row(editor, 1)).to_contain_text(shape(6, 28, 28))
    return editor


def row(editor: Locator, number: int) -> Locator:
    return editor.locator("> ol > li").nth(number - 1)


def shape(*sides: int) -> str:
    return " \u00d7 ".join(map(str, sides))


def test_layers_are_changed_and_their_shapes_follow(
    visit: Visit, editor: Locator
) -> None:
    row(editor, 1).locator("summary").click()

    row(editor, 1).get_by_label("Filters").fill("8")

    expect(row(editor, 1)).to_contain_text(shape(8, 28, 28))
    expect(row(editor, 1)).to_contain_text("208 parameters")
    assert violations(visit.page) == []
    visit.page.set_viewport_size({"width": 320, "height": 700})
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_wrong_layer_is_told_at_its_place_and_those_before_keep_their_shapes(
    editor: Locator,
) -> None:
    row(editor, 4).locator("summary").click()
    kernel = row(editor, 4).get_by_label("Kernel")

    kernel.fill("40")

    expect(row(editor, 4).locator("p.wrong")).to_contain_text("A window of 40")
    expect(kernel).to_have_attribute("aria-invalid", "true")
    expect(row(editor, 3)).to_contain_text(shape(6, 14, 14))
    expect(row(editor, 5).locator(".layer-result")).to_have_text("\u2013")


def test_layers_are_added_moved_removed_and_brought_back(
    visit: Visit, editor: Locator
) -> None:
    page: Page = visit.page
    rows = editor.locator("> ol > li")
    page.get_by_label("Kind of the new layer").select_option("dropout")
    page.get_by_label("Place of the new layer").select_option("before 10")
    page.get_by_role("button", name="Add layer").click()
    expect(row(editor, 10)).to_contain_text("Dropout")

    page.get_by_role("button", name="Move layer 10, dropout, down").click()
    expect(
        page.get_by_role("button", name=re.compile("11, dropout, down"))
    ).to_be_focused()
    page.get_by_role("button", name="Remove layer 11, dropout").click()
    expect(rows).to_have_count(12)
    page.get_by_role("button", name="Undo").click()

    expect(rows).to_have_count(13)
    expect(row(editor, 11)).to_contain_text("probability 0.25")


def test_a_block_holds_layers_of_its_own(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/#/new?architecture=resnet_mini")
    visit.page.get_by_label("Architecture").select_option("own")
    block = row(visit.page.locator(".own-layers > .layer-editor"), 4)

    block.locator("summary").click()

    inner = block.locator(".layer-editor > ol > li")
    expect(inner).to_have_count(5)
    expect(inner.first).to_contain_text(shape(16, 28, 28))
    expect(inner.first).to_contain_text("2\u202f304 parameters")
