"""Datasets and models on the page: uploaded, looked through, versioned, pointed at."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import Engine

from app import registry
from app.database.engine import write_session
from tests.browser.conftest import Visit
from tests.browser.stories import Story, upload, zip_of_inks
from tests.browser.told import story as story
from tests.browser.told import told as told

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def drop_zip(page: Page) -> None:
    page.evaluate("bytes => { window.zip = new Uint8Array(bytes); }", [*zip_of_inks()])
    transfer = page.evaluate_handle(
        "() => { const transfer = new DataTransfer();"
        "transfer.items.add(new File([window.zip], 'My Inks.zip'));"
        "return transfer; }"
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})


def test_a_dropped_dataset_is_reported_on_and_trained_on(
    visit: Visit, page: Page
) -> None:
    page.goto(f"{visit.address}/#/datasets")
    expect(page.get_by_role("link", name="mnist", exact=True)).to_be_visible()

    drop_zip(page)
    expect(page.get_by_label("Name")).to_have_value("my-inks")
    page.get_by_role("button", name=re.compile("^Upload")).click()

    expect(page.get_by_role("heading", name="my-inks@1")).to_be_visible()
    bars = page.get_by_role("region", name="Images by class").locator("tbody tr")
    expect(bars).to_have_text(["black102", "grey41"])
    expect(page.get_by_role("heading", name="1 file could not be read")).to_be_visible()
    expect(page.get_by_text("black/notes.png", exact=True)).to_be_visible()
    expect(page.get_by_alt_text(re.compile("a row for each of black"))).to_be_visible()
    page.get_by_role("link", name="Train on it").click()
    expect(page.get_by_label("Dataset")).to_have_value("my-inks@1")


def test_an_upload_that_is_no_dataset_is_told_in_words(
    visit: Visit, page: Page
) -> None:
    page.goto(f"{visit.address}/#/datasets")
    notes: FilePayload = {
        "name": "notes.zip",
        "mimeType": "application/zip",
        "buffer": b"no zip",
    }

    page.get_by_label("Choose a file").set_input_files([notes])
    page.get_by_role("button", name="Upload 6 B").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There are 0 classes; 2 are the least.")
    expect(page.get_by_role("link", name="Train on it")).to_have_count(0)


def test_a_version_is_deleted_after_it_told_what_that_frees(
    visit: Visit, page: Page
) -> None:
    first, second = upload(visit), upload(visit)
    page.goto(f"{visit.address}/#/datasets/{second}")
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()

    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_text("inks@1 has the same images")).to_be_visible()
    page.get_by_role("button", name="Delete it").click()

    expect(page.get_by_role("row", name=re.compile("^inks"))).to_contain_text(
        "version 1"
    )
    assert page.request.get(f"{visit.address}/datasets/{first}").ok
    assert not page.request.get(f"{visit.address}/datasets/{second}").ok


def test_a_checkpoint_is_used_for_predictions_as_a_new_model(
    visit: Visit, page: Page, story: Story
) -> None:
    page.goto(f"{visit.address}/#/jobs/{story.succeeded}")

    page.get_by_role("button", name="Use for predictions: epoch 1").click()
    page.get_by_label("As a version of the model").fill("figures")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".notice")).to_contain_text("answers as figures@champion")
    page.locator(".notice").get_by_role("button", name="Show").click()

    expect(page.get_by_role("heading", name="figures")).to_be_visible()
    expect(page.get_by_label("Version of champion")).to_have_value("1")
    expect(page.get_by_text("figures@champion")).to_be_visible()
    versions = page.get_by_role("table", name="Versions")
    job = versions.get_by_role("link", name=f"job {str(story.succeeded)[:8]}")
    expect(job).to_have_attribute("href", f"#/jobs/{story.succeeded}")
    expect(versions.get_by_text(re.compile("epoch 1$"))).to_be_visible()


def test_an_alias_is_moved_and_put_back(visit: Visit, page: Page, story: Story) -> None:
    page.goto(f"{visit.address}/#/models/digits")

    page.get_by_label("Version of champion").select_option("version 2")
    page.get_by_role("button", name="Move champion", exact=True).click()
    expect(page.locator(".history li")).to_have_count(2)
    page.locator(".notice").get_by_role("button", name="Undo").click()

    expect(page.locator(".history li")).to_have_count(3)
    expect(page.get_by_label("Version of champion")).to_have_value("1")


def test_an_alias_that_another_moved_meanwhile_is_a_conflict(
    visit: Visit, page: Page, story: Story, engine: Engine
) -> None:
    page.goto(f"{visit.address}/#/models/digits")
    remove = page.get_by_role("button", name="Remove champion")
    expect(remove).to_be_visible()
    with write_session(engine) as session:
        registry.move_alias(session, "digits", "champion", 2, registry.Expected(1))

    remove.click()

    conflict = page.get_by_role("alert")
    expect(conflict).to_contain_text("points at version 2 now")
    conflict.get_by_role("button", name="Remove it all the same").click()
    expect(page.get_by_text("→ nothing")).to_be_visible()
    expect(page.locator(".aliases li")).to_have_count(0)


def test_a_version_is_exported_and_asked(
    visit: Visit, page: Page, story: Story
) -> None:
    page.goto(f"{visit.address}/#/models/digits")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export version 2 as Safetensors").click()
    assert download.value.suggested_filename == "digits-2-safetensors.zip"

    page.get_by_role("link", name="Draw with version 2").click()
    page.get_by_role("button", name="Draw a 4").click()

    expect(page.locator("#network")).to_have_value("digits@2")
    expect(page.get_by_text("Answered in")).to_be_visible()


def test_a_lineage_is_shown_and_run_again(
    visit: Visit, page: Page, story: Story
) -> None:
    page.goto(f"{visit.address}/#/jobs/{story.succeeded}")
    page.get_by_text("Lineage", exact=True).click()
    expect(page.get_by_text("drawn weights")).to_be_visible()

    page.get_by_role("button", name="Reproduce").click()

    expect(page.get_by_text("A reproduction, under way.")).to_be_visible()
