"""What one does with jobs on the page: submit, watch, act, sort, compare."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from app.states import JobStatus
from tests.browser.conftest import Visit
from tests.browser.stories import Story
from tests.browser.told import story as story
from tests.browser.told import told as told
from tests.factories import read_job, record_epoch, submitted_job

pytestmark = pytest.mark.browser

NAMES = "table.jobs tbody th a"


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def open_jobs(visit: Visit, query: str = "") -> None:
    visit.page.goto(f"{visit.address}/#/jobs{query}")
    expect(visit.page.locator(NAMES).first).to_be_visible()


def test_the_form_has_a_field_for_whatever_a_job_takes(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/#/new")
    expect(visit.page.get_by_label("Epochs", exact=True)).to_be_visible()

    schema = visit.page.request.get(f"{visit.address}/schemas/training-spec").json()
    ids = visit.page.locator(".field > label").evaluate_all(
        "labels => labels.map((label) => label.htmlFor)"
    )

    assert set(ids) == set(schema["properties"]) - {"preset", "dataset_pin"}


def test_the_datasets_are_those_of_the_service(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.address}/#/new")

    page.get_by_label("Dataset").select_option("fashion-mnist")

    expect(page.locator(".layers tfoot")).to_be_visible()
    expect(page.locator("#dataset-error")).to_have_count(0)


def test_a_wrong_value_is_told_at_its_field(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.address}/#/new")
    epochs = page.get_by_label("Epochs", exact=True)

    epochs.fill("5000")

    error = page.locator("#epochs-error")
    expect(error).to_contain_text("less than or equal to 1000")
    expect(epochs).to_have_attribute("aria-invalid", "true")
    expect(epochs).to_have_attribute("aria-describedby", "epochs-help epochs-error")


def test_a_wrong_part_of_a_value_is_told_at_its_field(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.address}/#/new")
    page.get_by_text("Learning", exact=True).click()
    page.get_by_label("Optimizer").select_option("sgd")

    page.get_by_label("Momentum").fill("2")

    error = page.locator('[id="optimizer/momentum-error"]')
    expect(error).to_contain_text("less than 1")


def test_the_layers_follow_the_architecture(visit: Visit, page: Page) -> None:
    page.goto(f"{visit.address}/#/new")
    total = page.locator(".layers tfoot .number").last
    expect(total).to_have_text("1\u202f378\u202f698")

    page.get_by_label("Architecture").select_option("own")
    page.get_by_role("button", name="JSON").click()
    page.get_by_label("Layers as JSON").fill('[{"flatten": {}}, {"linear": "classes"}]')

    expect(total).to_have_text("7\u202f850")


def test_an_impossible_layer_is_told_with_its_arithmetic(
    visit: Visit, page: Page
) -> None:
    page.goto(f"{visit.address}/#/new")
    page.get_by_label("Architecture").select_option("own")
    page.get_by_role("button", name="JSON").click()

    page.get_by_label("Layers as JSON").fill('[{"conv": {"filters": 2, "kernel": 40}}]')

    faults = page.locator("#architecture-faults")
    expect(faults).to_contain_text("layers/0/conv/kernel: A window of 40")
    expect(page.get_by_label("Layers as JSON")).to_have_attribute(
        "aria-invalid", "true"
    )


def test_the_arithmetic_of_a_layer_shows_when_pointed_at(
    visit: Visit, page: Page
) -> None:
    page.goto(f"{visit.address}/#/new")
    layer = page.get_by_role("button", name="conv").first

    layer.hover()

    expect(page.locator('[role="tooltip"]').first).to_contain_text("3·3·1")


def test_a_submitted_job_opens(visit: Visit, page: Page, engine: Engine) -> None:
    page.goto(f"{visit.address}/#/new?epochs=3")
    page.get_by_label("Name").fill("By the form")

    page.get_by_role("button", name="Start training").click()

    expect(page.get_by_role("heading", name="By the form")).to_be_visible()
    job_id = page.url.rsplit("/", 1)[1]
    assert page.request.get(f"{visit.address}/jobs/{job_id}").json()["spec"][
        "epochs"
    ] == (3)


def test_curves_move_while_a_job_trains(
    visit: Visit, page: Page, story: Story, engine: Engine
) -> None:
    page.goto(f"{visit.address}/#/jobs/{story.running.job_id}")
    expect(page.get_by_text("The first point comes").first).to_be_visible()

    record_epoch(engine, story.running, 1)

    page.get_by_text("Numbers").first.click()
    rows = page.get_by_role("region", name="Loss in numbers").locator("tbody tr")
    expect(rows).to_have_count(1, timeout=15_000)
    record_epoch(engine, story.running, 2)
    expect(rows).to_have_count(2, timeout=15_000)
    expect(page.locator(".chart canvas").first).to_be_visible()


def test_a_broken_stream_is_told_and_taken_up_again(
    visit: Visit, page: Page, story: Story, engine: Engine
) -> None:
    events = re.compile("/events$")
    page.route(events, lambda route: route.abort())
    page.goto(f"{visit.address}/#/jobs/{story.running.job_id}")
    lost = page.get_by_text("The connection is lost")
    expect(lost).to_be_visible()

    page.unroute(events)
    record_epoch(engine, story.running, 1)

    expect(lost).to_have_count(0, timeout=20_000)
    expect(page.get_by_text("Numbers").first).to_be_visible(timeout=20_000)


def test_a_cancelled_job_can_be_run_again(
    visit: Visit, page: Page, story: Story, engine: Engine
) -> None:
    open_jobs(visit)

    page.get_by_role("button", name="Cancel In the queue").click()

    notice = page.locator(".notice")
    expect(notice).to_contain_text("In the queue is cancelled.")
    assert read_job(engine, story.queued).status is JobStatus.CANCELLED
    notice.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("link", name="In the queue")).to_have_count(2)


def test_a_pause_can_be_taken_back(
    visit: Visit, page: Page, story: Story, engine: Engine
) -> None:
    open_jobs(visit)

    page.get_by_role("button", name="Pause In the queue").click()
    page.locator(".notice").get_by_role("button", name="Resume").click()

    expect(page.locator(".notice")).to_contain_text("is queued again")
    assert read_job(engine, story.queued).status is JobStatus.QUEUED


def test_a_job_is_deleted_only_when_asked_twice(
    visit: Visit, page: Page, story: Story
) -> None:
    open_jobs(visit)

    page.get_by_role("button", name="Delete Gone wrong").click()
    expect(page.get_by_role("link", name="Gone wrong")).to_be_visible()
    page.get_by_role("button", name="Really delete Gone wrong").click()

    expect(page.get_by_role("link", name="Gone wrong")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?sort=name", ["Gone well", "Gone wrong", "In the queue", "Under way"]),
        ("?sort=-best", ["Gone well", "In the queue", "Under way", "Gone wrong"]),
        ("?status=active", ["In the queue", "Under way"]),
        ("?find=WELL", ["Gone well"]),
    ],
)
def test_the_table_is_as_its_address_says(
    visit: Visit, page: Page, story: Story, query: str, names: list[str]
) -> None:
    open_jobs(visit, query)

    expect(page.locator(NAMES)).to_have_text(names)


def test_a_status_is_found_below_the_newest_jobs(
    visit: Visit, page: Page, story: Story, engine: Engine
) -> None:
    for _job in range(26):
        submitted_job(engine)

    open_jobs(visit, "?status=failed")

    expect(page.locator(NAMES)).to_have_text(["Gone wrong"])


def test_a_heading_sorts_both_ways(visit: Visit, page: Page, story: Story) -> None:
    open_jobs(visit)
    heading = page.get_by_role("columnheader", name="Job")

    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    heading.get_by_role("button").click()

    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(NAMES).first).to_have_text("Gone well")


def test_chosen_jobs_are_compared(visit: Visit, page: Page, story: Story) -> None:
    open_jobs(visit)
    page.get_by_label("Compare Gone well").check()
    page.get_by_label("Compare Gone wrong").check()

    page.get_by_role("button", name="Compare 2").click()

    table = page.get_by_role("region", name="Differences")
    expect(table.get_by_role("link")).to_have_text(["Gone well", "Gone wrong"])
    expect(table.get_by_role("row", name=re.compile("^status"))).to_contain_text(
        "succeeded"
    )


def test_a_failure_is_told_with_its_hint(
    visit: Visit, page: Page, story: Story
) -> None:
    page.goto(f"{visit.address}/#/jobs/{story.failed}")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("diverged non finite")
    expect(alert).to_contain_text("Try a smaller learning rate.")


def test_a_mistake_in_the_matrix_shows_its_pictures(
    visit: Visit, page: Page, story: Story
) -> None:
    page.goto(f"{visit.address}/#/jobs/{story.succeeded}")
    shown = page.locator(".worst li")
    expect(shown.first).to_be_visible()
    before = shown.count()

    page.locator(".confusion button").first.click()

    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    assert shown.count() < before
