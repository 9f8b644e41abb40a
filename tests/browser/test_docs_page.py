"""The docs page in a real browser: whole, quiet and usable without the internet."""

import io
import re

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def open_operation(visit: Visit, tag: str, operation_id: str) -> Locator:
    visit.page.goto(f"{visit.address}/docs#/{tag}/{operation_id}")
    return visit.page.locator(f"#operations-{tag}-{operation_id}")


def status_of(operation: Locator) -> Locator:
    return operation.locator(".live-responses-table .response-col_status").last


def picture(name: str) -> FilePayload:
    written = io.BytesIO()
    Image.new("L", (28, 28)).save(written, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": written.getvalue()}


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_page_opens_without_a_complaint_or_a_foreign_request(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/docs")

    expect(visit.page.get_by_role("heading", name="Quick start")).to_be_visible()
    assert visit.foreign == []
    assert visit.complaints == []


def test_the_page_lists_every_operation_and_message(visit: Visit, app: FastAPI) -> None:
    document = app.openapi()
    documented = {
        f"{method.upper()} {path}"
        for addresses in (document["paths"], document["webhooks"])
        for path, methods in addresses.items()
        for method in methods
    }

    visit.page.goto(f"{visit.address}/docs")

    blocks = visit.page.locator(".opblock")
    expect(blocks).to_have_count(len(documented))
    methods = blocks.locator(".opblock-summary-method").all_text_contents()
    paths = [
        place.get_attribute("data-path")
        for place in blocks.locator(".opblock-summary-path").all()
    ]
    shown = {f"{method} {path}" for method, path in zip(methods, paths, strict=True)}
    assert shown == documented


@pytest.mark.parametrize("color_scheme", ["dark"])
def test_the_page_is_dark_where_the_system_is(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/docs")

    expect(visit.page.locator("html")).to_have_class("dark-mode")
    expect(visit.page.locator("body")).to_have_css(
        "background-color", "rgb(28, 32, 34)"
    )


def test_the_page_follows_the_system_into_the_dark(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/docs")

    visit.page.emulate_media(color_scheme="dark")

    expect(visit.page.locator("html")).to_have_class("dark-mode")


def test_a_request_can_be_tried_at_once(visit: Visit) -> None:
    operation = open_operation(visit, "system", "getHealth")

    operation.get_by_role("button", name="Execute").click()

    expect(status_of(operation)).to_have_text(re.compile("^200"))
    assert visit.complaints == []


def test_pictures_are_chosen_as_files(visit: Visit) -> None:
    operation = open_operation(visit, "predictions", "predict")

    single = operation.locator('[data-property-name="image"] input[type="file"]')
    several = operation.locator('[data-property-name="images"] input[type="file"]')

    expect(single).to_have_count(1)
    expect(several).to_have_count(1)


@pytest.mark.parametrize("field", ["image", "images"])
def test_a_chosen_picture_reaches_the_service(visit: Visit, field: str) -> None:
    operation = open_operation(visit, "predictions", "predict")
    chooser = operation.locator(f'[data-property-name="{field}"] input[type="file"]')

    chooser.set_input_files(picture("seven.png"))
    operation.get_by_role("button", name="Execute").click()

    expect(status_of(operation)).to_have_text(re.compile("^409"))
    expect(operation.locator(".live-responses-table")).to_contain_text(
        "no_checkpoint_yet"
    )


def test_the_reader_shows_the_whole_document_from_here_alone(
    visit: Visit, app: FastAPI
) -> None:
    """Its maker's badge is elsewhere: our policy refuses it, which the browser says."""
    visit.page.goto(f"{visit.address}/redoc")

    operations = visit.page.locator('[data-section-id*="operation/"]')
    expect(operations).not_to_have_count(0)
    shown = {
        str(place.get_attribute("data-section-id")).split("operation/")[1]
        for place in operations.all()
    }
    documented = {
        operation["operationId"]
        for methods in app.openapi()["paths"].values()
        for operation in methods.values()
    }
    assert shown >= documented
    badge = "https://cdn.redoc.ly/redoc/logo-mini.svg"
    assert set(visit.foreign) <= {badge}
    for complaint in visit.complaints:
        assert badge in complaint
        assert "Content Security Policy" in complaint
