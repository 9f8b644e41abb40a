"""The OpenAPI document is valid, complete and the same for ever."""

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from app.api.errors import STATUS_CODES
from app.api.openapi.links import LINKS
from app.api.problems import PROBLEM_JSON
from app.errors import ModelmillError, error_code
from app.webhook_models import EventType

Json = dict[str, Any]

# Clients are generated from these names: to change one breaks them.
OPERATIONS = {
    "createJob": "post /jobs",
    "listJobs": "get /jobs",
    "getJob": "get /jobs/{job_id}",
    "editJob": "patch /jobs/{job_id}",
    "deleteJob": "delete /jobs/{job_id}",
    "listArchitectures": "get /architectures",
    "describeArchitecture": "post /architectures/describe",
    "listPresets": "get /presets",
    "getSpecSchema": "get /schemas/training-spec",
    "stopJob": "post /jobs/{job_id}/stop",
    "cancelJob": "post /jobs/{job_id}/cancel",
    "pauseJob": "post /jobs/{job_id}/pause",
    "resumeJob": "post /jobs/{job_id}/resume",
    "retryJob": "post /jobs/{job_id}/retry",
    "actOnJobs": "post /jobs/bulk",
    "readJobLogs": "get /jobs/{job_id}/logs",
    "listWorkers": "get /workers",
    "createDataset": "post /datasets",
    "listDatasets": "get /datasets",
    "getDataset": "get /datasets/{dataset_id}",
    "deleteDataset": "delete /datasets/{dataset_id}",
    "getDatasetReport": "get /datasets/{dataset_id}/report",
    "getContactSheet": "get /datasets/{dataset_id}/contact-sheet.png",
    "listJobMetrics": "get /jobs/{job_id}/metrics",
    "listCheckpoints": "get /jobs/{job_id}/checkpoints",
    "getCheckpoint": "get /checkpoints/{checkpoint_id}",
    "downloadCheckpoint": "get /jobs/{job_id}/checkpoints/{epoch}/download",
    "exportCheckpointFiles": "get /checkpoints/{checkpoint_id}/export",
    "compareJobs": "get /jobs/compare",
    "drawComparison": "get /jobs/compare.{kind}",
    "getLineage": "get /jobs/{job_id}/lineage",
    "reproduceJob": "post /jobs/{job_id}/reproduce",
    "createModel": "post /models",
    "listModels": "get /models",
    "getModel": "get /models/{name}",
    "deleteModel": "delete /models/{name}",
    "createVersion": "post /models/{name}/versions",
    "importVersion": "post /models/{name}/imports",
    "deleteVersion": "delete /models/{name}/versions/{version}",
    "moveAlias": "put /models/{name}/aliases/{alias}",
    "removeAlias": "delete /models/{name}/aliases/{alias}",
    "getFilters": "get /checkpoints/{checkpoint_id}/filters.png",
    "mapFeatures": "post /checkpoints/{checkpoint_id}/feature-maps",
    "getReport": "get /jobs/{job_id}/report",
    "getCurves": "get /jobs/{job_id}/report/curves.{kind}",
    "getConfusionMatrix": "get /jobs/{job_id}/report/confusion-matrix.{kind}",
    "getCalibration": "get /jobs/{job_id}/report/calibration.{kind}",
    "getWorstImages": "get /jobs/{job_id}/report/worst-images.{kind}",
    "streamEvents": "get /jobs/{job_id}/events",
    "predict": "post /predict",
    "createWebhook": "post /webhooks",
    "listWebhooks": "get /webhooks",
    "getWebhook": "get /webhooks/{webhook_id}",
    "editWebhook": "patch /webhooks/{webhook_id}",
    "deleteWebhook": "delete /webhooks/{webhook_id}",
    "rotateSecret": "post /webhooks/{webhook_id}/secret",
    "pingWebhook": "post /webhooks/{webhook_id}/test",
    "listDeliveries": "get /webhooks/{webhook_id}/deliveries",
    "getDelivery": "get /webhooks/{webhook_id}/deliveries/{delivery_id}",
    "redeliver": "post /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    "listAuditEntries": "get /audit",
    "createKey": "post /keys",
    "listKeys": "get /keys",
    "getOwnKey": "get /keys/me",
    "getKey": "get /keys/{key_id}",
    "editKey": "patch /keys/{key_id}",
    "revokeKey": "delete /keys/{key_id}",
    "getHealth": "get /health/live",
    "getReadiness": "get /health/ready",
    "getMetrics": "get /metrics",
    "createPrediction": "post /predictions",
    "listPredictions": "get /predictions",
    "getPrediction": "get /predictions/{prediction_id}",
    "deletePrediction": "delete /predictions/{prediction_id}",
    "downloadResult": "get /predictions/{prediction_id}/result",
}


def operation_of(document: Json, name: str) -> Json:
    method, path = OPERATIONS[name].split()
    operation: Json = document["paths"][path][method]
    return operation


def test_the_document_is_valid(document: Json) -> None:
    validate(document)

    assert document["openapi"].startswith("3.1.")


def test_operations_keep_their_names(document: Json) -> None:
    names = {
        operation["operationId"]: f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    assert names == OPERATIONS


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_put_into_words(document: Json, name: str) -> None:
    operation = operation_of(document, name)

    assert 10 < len(operation["summary"]) < 80
    assert not operation["summary"].endswith(".")
    assert operation["description"]
    assert operation["tags"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_names_its_refusals_as_problems(document: Json, name: str) -> None:
    responses = operation_of(document, name)["responses"]
    refusals = {
        status: answer for status, answer in responses.items() if status >= "400"
    }

    assert "500" in refusals
    for status, refusal in refusals.items():
        content = refusal["content"][PROBLEM_JSON]
        assert list(refusal["content"]) == [PROBLEM_JSON]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        for code, example in content["examples"].items():
            assert example["value"]["code"] == code
            assert example["value"]["status"] == int(status)
            assert f"`{code}`" in refusal["description"]


@pytest.mark.parametrize("error", STATUS_CODES, ids=lambda error: error.__name__)
def test_an_error_is_documented_under_its_status(
    document: Json, error: type[ModelmillError]
) -> None:
    statuses = {
        status
        for name in OPERATIONS
        for status, answer in operation_of(document, name)["responses"].items()
        if f"`{error_code(error)}`" in answer["description"]
    }

    assert statuses == {str(STATUS_CODES[error].value)}


def test_only_parameters_that_can_be_invalid_are_refused_as_such(
    document: Json,
) -> None:
    assert "422" not in operation_of(document, "getJob")["responses"]
    assert "422" in operation_of(document, "streamEvents")["responses"]


def test_nothing_is_left_of_what_the_framework_writes_for_others(
    document: Json,
) -> None:
    text = json.dumps(document)

    assert "itemSchema" not in text
    assert "ValidationError" not in text


def test_every_answer_names_its_headers(document: Json) -> None:
    answers = [
        (status, answer["headers"])
        for name in OPERATIONS
        for status, answer in operation_of(document, name)["responses"].items()
    ]

    assert all("X-Request-ID" in headers for _status, headers in answers)
    assert all(
        ("Retry-After" in headers) == (status in ("429", "503"))
        for status, headers in answers
    )


@pytest.mark.parametrize(
    ("name", "status", "header"),
    [("createJob", "201", "Location"), ("downloadCheckpoint", "200", "ETag")],
)
def test_a_header_of_one_answer_is_named(
    document: Json, name: str, status: str, header: str
) -> None:
    assert header in operation_of(document, name)["responses"][status]["headers"]


def test_every_message_to_webhooks_is_described(document: Json) -> None:
    assert set(document["webhooks"]) == set(EventType)
    for kind, entry in document["webhooks"].items():
        message = entry["post"]
        body = message["requestBody"]["content"]["application/json"]
        news = body["examples"]["news"]["value"]
        schema = body["schema"]["properties"]
        name = schema["data"]["$ref"].rpartition("/")[2]
        assert news["type"] == schema["type"]["const"] == kind
        assert set(news["data"]) == set(
            document["components"]["schemas"][name]["properties"]
        )
        assert message["security"] == []


@pytest.mark.parametrize("name", LINKS)
def test_links_lead_to_operations_and_their_parameters(
    document: Json, name: str
) -> None:
    answers = operation_of(document, name)["responses"].values()
    links = [link for answer in answers for link in answer.get("links", {}).values()]

    assert links
    for link in links:
        parameters = operation_of(document, link["operationId"])["parameters"]
        assert set(link["parameters"]) <= {place["name"] for place in parameters}


def test_every_tag_is_described_and_used(document: Json) -> None:
    used = {tag for name in OPERATIONS for tag in operation_of(document, name)["tags"]}

    assert {tag["name"] for tag in document["tags"]} == used
    assert all(tag["description"] for tag in document["tags"])


def test_the_quick_start_visits_real_addresses(document: Json) -> None:
    addresses = re.findall(r"\$API(/\S+)", document["info"]["description"])
    paths = {address.replace("$JOB", "{job_id}") for address in addresses}

    assert paths == {"/jobs", "/jobs/{job_id}/events", "/predict"}
    assert paths <= set(document["paths"])


def test_the_licence_has_an_address(document: Json) -> None:
    assert document["info"]["license"]["url"].startswith("https://")


def test_the_document_is_made_once(app: FastAPI) -> None:
    assert app.openapi() is app.openapi()
