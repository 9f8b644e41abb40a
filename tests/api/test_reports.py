"""A job's report is JSON and pictures; both say clearly while there is none."""

from io import BytesIO
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app.report import EvaluationReport
from tests.factories import (
    read_problem,
    record_epoch,
    running_job,
    submitted_job,
    succeeded_job,
)
from tests.reports import a_report, reported_job

OF_THE_REPORT = ["confusion-matrix", "calibration", "worst-images"]
FIGURES = ["curves", *OF_THE_REPORT]


def test_the_report_comes_as_json(client: TestClient, engine: Engine) -> None:
    report = a_report()
    job = reported_job(engine, report)

    response = client.get(f"/jobs/{job.id}/report")

    assert response.status_code == 200
    assert EvaluationReport.model_validate(response.json()) == report


def test_a_share_of_nothing_comes_as_null(client: TestClient, engine: Engine) -> None:
    job = reported_job(engine, a_report(images=3))

    classes = client.get(f"/jobs/{job.id}/report").json()["classes"]

    never_seen = {"name": "0", "support": 0}
    assert classes[0] == never_seen | {"precision": None, "recall": None, "f1": None}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_comes_as_an_svg_that_loads_nothing(
    client: TestClient, engine: Engine, figure: str
) -> None:
    job = reported_job(engine, a_report())

    response = client.get(f"/jobs/{job.id}/report/{figure}.svg")

    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert ElementTree.fromstring(response.content).tag.endswith("}svg")


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_comes_as_a_png(
    client: TestClient, engine: Engine, figure: str
) -> None:
    job = reported_job(engine, a_report())

    response = client.get(f"/jobs/{job.id}/report/{figure}.png")

    assert response.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(response.content)).format == "PNG"


@pytest.mark.parametrize("figure", OF_THE_REPORT)
def test_a_figure_of_a_report_that_is_not_there_is_not_found(
    client: TestClient, engine: Engine, figure: str
) -> None:
    job = succeeded_job(engine)

    problem = read_problem(client.get(f"/jobs/{job.id}/report/{figure}.svg"))

    assert (problem["status"], problem["code"]) == (404, "report_not_found")


def test_a_running_job_says_when_there_will_be_a_report(
    client: TestClient, engine: Engine
) -> None:
    job_id = running_job(engine).job_id

    problem = read_problem(client.get(f"/jobs/{job_id}/report"))

    assert (problem["status"], problem["code"]) == (404, "report_not_found")
    assert problem["detail"].startswith("The job is running; its report is there once")


def test_a_running_job_has_curves_already(client: TestClient, engine: Engine) -> None:
    claim = running_job(engine)
    before = client.get(f"/jobs/{claim.job_id}/report/curves.svg").content
    record_epoch(engine, claim, 1)

    after = client.get(f"/jobs/{claim.job_id}/report/curves.svg").content

    assert b"no epoch has ended yet" in before
    assert b"no epoch has ended yet" not in after


@pytest.mark.parametrize("name", ["curves.gif", "curves", "curves.", "curve.svg"])
def test_a_picture_that_is_not_made_is_not_found(
    client: TestClient, engine: Engine, name: str
) -> None:
    job = submitted_job(engine)

    problem = read_problem(client.get(f"/jobs/{job.id}/report/{name}"))

    assert problem["status"] == 404


@pytest.mark.parametrize(
    "path", ["report", "report/curves.svg", "report/calibration.png"]
)
def test_an_unknown_job_has_no_report(client: TestClient, path: str) -> None:
    problem = read_problem(client.get(f"/jobs/{uuid4()}/{path}"))

    assert (problem["status"], problem["code"]) == (404, "job_not_found")
