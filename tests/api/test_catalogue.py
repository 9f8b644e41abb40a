"""What a job can be made of is listed, described and refused before it is queued."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_schema_validator import OAS31Validator

from app.api.examples import JOB_REQUESTS, LAYERS
from app.architecture import NAMED
from app.spec import PRESETS
from tests.factories import read_problem

Json = dict[str, Any]


def described(client: TestClient, **body: object) -> Json:
    response = client.post("/architectures/describe", json=body)
    assert response.status_code == 200
    table: Json = response.json()
    return table


def violations(client: TestClient, path: str, body: Json) -> list[tuple[str, str]]:
    problem = read_problem(client.post(path, json=body))
    return [(error["pointer"], error["code"]) for error in problem["errors"]]


def test_named_architectures_are_listed(client: TestClient) -> None:
    listing = client.get("/architectures").json()

    assert [one["name"] for one in listing["data"]] == list(NAMED)
    assert listing["data"][0]["layers"][-1] == {
        "linear": {"units": "classes", "bias": False}
    }


@pytest.mark.parametrize("name", NAMED)
def test_what_is_listed_can_be_asked_for(client: TestClient, name: str) -> None:
    listing = client.get("/architectures").json()["data"]
    [listed] = [one for one in listing if one["name"] == name]

    assert described(client, architecture=listed) == described(
        client, architecture=name
    )


def test_a_description_has_a_row_for_each_layer(client: TestClient) -> None:
    table = described(client, architecture="tutorial")

    assert len(table["layers"]) == len(table["architecture"]["layers"]) == 17
    assert table["layers"][0] == {
        "name": "0",
        "pointer": "/layers/0/conv",
        "kind": "conv",
        "input_shape": [1, 28, 28],
        "output_shape": [32, 28, 28],
        "parameters": 288,
        "parameters_without_sharing": 225_792,
        "multiply_adds": 225_792,
        "memory_bytes": 100_352,
        "formulas": [
            "(28 − 3 + 2·1)/1 + 1 = 28",  # noqa: RUF001
            "32·3·3·1 = 288 weights",
        ],
    }
    assert table["totals"] == {
        "parameters": 1_378_698,
        "parameters_without_sharing": 8_737_386,
        "multiply_adds": 8_737_386,
        "memory_bytes": 458_612,
    }


def test_a_description_shows_numbers_for_classes(client: TestClient) -> None:
    table = described(client, architecture={"layers": LAYERS}, dataset="fashion-mnist")

    assert table["architecture"]["layers"][-1] == {
        "linear": {"units": 10, "bias": True}
    }


@pytest.mark.parametrize("path", ["/architectures/describe", "/jobs"])
def test_faults_point_at_layers_in_the_body(client: TestClient, path: str) -> None:
    layers = [
        {"conv": {"filters": 8, "kernel": 5, "stride": 2}},
        {"flatten": {}},
        {"flatten": {}},
        {"linear": 12},
    ]

    assert violations(client, path, {"architecture": {"layers": layers}}) == [
        ("/body/architecture/layers/0/conv/kernel", "output_not_whole"),
        ("/body/architecture/layers/2/flatten", "second_flatten"),
        ("/body/architecture/layers/3/linear", "wrong_outputs"),
    ]


@pytest.mark.parametrize(
    ("layer", "pointer", "code"),
    [
        ({"cnov": {}}, "", "unknown_layer"),
        ({}, "", "one_key_expected"),
        ({"flatten": {}, "linear": 3}, "", "one_key_expected"),
        ("relu", "", "one_key_expected"),
        ({"conv": {"filters": 2}}, "/conv/kernel", "missing"),
        ({"conv": {"filters": 2, "kernel": 0}}, "/conv/kernel", "greater_than_equal"),
        (
            {"conv": {"filters": 2, "kernel": 1, "pading": 1}},
            "/conv/pading",
            "extra_forbidden",
        ),
        ({"pool": {"kind": "max", "size": 0}}, "/pool/size", "greater_than_equal"),
        ({"pool": {"kind": "mean"}}, "/pool", "union_tag_invalid"),
        ({"activation": "rellu"}, "/activation", "union_tag_invalid"),
        ({"dropout": 1.0}, "/dropout", "less_than"),
        (
            {"residual": {"layers": [{"flatten": {}}]}},
            "/residual/layers/0",
            "unknown_layer",
        ),
    ],
)
def test_a_layer_that_cannot_be_read_is_pointed_to(
    client: TestClient, layer: object, pointer: str, code: str
) -> None:
    body = {"architecture": {"layers": [layer]}}

    found = violations(client, "/architectures/describe", body)

    assert found == [(f"/body/architecture/layers/0{pointer}", code)]


def test_names_that_nobody_knows_are_told_the_nearest(client: TestClient) -> None:
    layers = [{"conv": {"fliters": 3, "filters": 3, "kernel": 3}}, {"dropuot": 0.1}]

    unknown = read_problem(
        client.post("/architectures/describe", json={"architecture": "lenet"})
    )
    misspelt = read_problem(
        client.post(
            "/architectures/describe", json={"architecture": {"layers": layers}}
        )
    )

    assert "did you mean `lenet5`?" in unknown["errors"][0]["message"]
    assert [
        error["message"].partition("; ")[2][:23] for error in misspelt["errors"]
    ] == ["did you mean `filters`?", "did you mean `dropout`?"]


def test_a_job_can_be_of_any_architecture(client: TestClient) -> None:
    spec = client.post("/jobs", json={"architecture": "lenet5"}).json()["spec"]

    assert spec["architecture"]["name"] == "lenet5"
    assert spec["architecture"]["layers"][-1] == {"linear": {"units": 10, "bias": True}}


def test_a_dropout_without_a_layer_for_it_is_refused(client: TestClient) -> None:
    body = {"architecture": "lenet5", "dropout_hidden": 0.5}

    assert violations(client, "/jobs", body) == [
        ("/body/dropout_hidden", "no_dropout_layer")
    ]


def test_presets_show_what_they_set_and_reached(client: TestClient) -> None:
    presets = client.get("/presets").json()["data"]

    assert {preset["name"]: preset["values"] for preset in presets} == {
        name: preset.values for name, preset in PRESETS.items()
    }
    assert all(preset["measured"] for preset in presets)
    assert all(preset["spec"]["preset"] == preset["name"] for preset in presets)


def test_the_schema_of_a_spec_takes_what_the_service_takes(client: TestClient) -> None:
    schema = client.get("/schemas/training-spec").json()
    validator = OAS31Validator(schema)

    for example in JOB_REQUESTS.values():
        validator.validate(example["value"])
    for preset in client.get("/presets").json()["data"]:
        validator.validate(preset["spec"])
    assert not validator.is_valid({"architecture": {"layers": [{"cnov": {}}]}})
    assert not validator.is_valid({"epochs": 0})


def test_a_network_is_described_for_pictures_of_any_shape(client: TestClient) -> None:
    table = described(
        client, architecture="tutorial", input_shape=[3, 20, 24], classes=3
    )

    assert table["input_shape"] == [3, 20, 24]
    assert table["layers"][0]["output_shape"] == [32, 20, 24]
    assert table["layers"][-1]["output_shape"] == [3]


@pytest.mark.parametrize("shape", [[2, 28, 28], [1, 0, 28], [1, 28], [1, 256, 28]])
def test_a_shape_that_no_picture_has_is_refused(
    client: TestClient, shape: list[int]
) -> None:
    body: Json = {"architecture": "tutorial", "input_shape": shape}

    [(pointer, _code)] = violations(client, "/architectures/describe", body)

    assert pointer.startswith("/body/input_shape")
