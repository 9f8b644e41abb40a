"""The schemas of the OpenAPI document say what a form or a generator must know."""

from typing import Any

import pytest

Json = dict[str, Any]

NULL = {"type": "null"}
NUMBERS = {"integer", "number"}
DRAWN_OR_BUILT = {"seed", "optimizer", "schedule", "architecture", "stride"}
LAYERS = ["Convolution", "BatchNorm", "WindowPool", "Dropout", "Linear"]


def test_no_parameter_can_be_null(document: Json) -> None:
    parameters = [
        parameter["schema"]
        for methods in document["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
    ]

    assert NULL not in [
        choice for schema in parameters for choice in schema.get("anyOf", [])
    ]


def test_uploads_are_files_to_page_and_generators(document: Json) -> None:
    body = document["paths"]["/predict"]["post"]["requestBody"]["content"]
    fields = body["multipart/form-data"]["schema"]["properties"]
    binary = {
        "type": "string",
        "format": "binary",
        "contentMediaType": "application/octet-stream",
    }

    assert fields["image"].items() >= binary.items()
    assert fields["images"]["items"] == binary


@pytest.mark.parametrize("name", ["Constant", "RMSProp", "ScaledWeights", "Adam"])
def test_the_tag_of_a_union_is_demanded(document: Json, name: str) -> None:
    assert document["components"]["schemas"][name]["required"][0] == "kind"


@pytest.mark.parametrize(
    "name",
    [
        "TrainingSpec",
        "RMSProp",
        "SGD",
        "Adam",
        "Muon",
        "Constant",
        "Step",
        "Cosine",
        "OneCycle",
        "Augmentation",
        "EarlyStopping",
        *LAYERS,
    ],
)
def test_a_hyperparameter_tells_its_meaning_bounds_and_default(
    document: Json, name: str
) -> None:
    schema = document["components"]["schemas"][name]
    fields = {
        field: rules for field, rules in schema["properties"].items() if field != "kind"
    }

    for field, rules in fields.items():
        assert rules["description"]
        # FastAPI drops a default of null, which the type tells as well.
        is_nullable = NULL in rules.get("anyOf", [])
        is_given = field in DRAWN_OR_BUILT or field in schema.get("required", [])
        assert "default" in rules or is_nullable or is_given
        if rules.get("type") in NUMBERS:
            assert {"minimum", "exclusiveMinimum"} & set(rules)
            assert {"maximum", "exclusiveMaximum"} & set(rules)
