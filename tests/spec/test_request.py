"""A request is a spec and what the job is called, each part within its bounds."""

import pytest
from pydantic import ValidationError

from app.spec import JobEdit, JobRequest, TrainingSpec

LONGEST: dict[str, object] = {
    "name": "n" * 200,
    "tags": ["t" * 64] * 20,
    "metadata": {str(number).zfill(64): "v" * 500 for number in range(50)},
    "priority": 100,
}
TOO_MUCH = [
    ("name", "n" * 201),
    ("name", ""),
    ("name", 7),
    ("tags", ["t"] * 21),
    ("tags", ["t" * 65]),
    ("tags", [""]),
    ("tags", "t"),
    ("metadata", {str(number): "" for number in range(51)}),
    ("metadata", {"k" * 65: ""}),
    ("metadata", {"": "v"}),
    ("metadata", {"k": "v" * 501}),
    ("metadata", {"k": 1}),
    ("priority", 101),
    ("priority", -101),
    ("priority", 1.0),
    ("priority", True),
]
both = pytest.mark.parametrize("model", [JobRequest, JobEdit])


@both
def test_what_lies_within_its_bounds_is_accepted(
    model: type[JobRequest | JobEdit],
) -> None:
    assert model.model_validate(LONGEST).model_dump(include=set(LONGEST)) == LONGEST
    assert model.model_validate({"priority": -100}).priority == -100


@both
@pytest.mark.parametrize(("field", "value"), TOO_MUCH)
def test_what_lies_beyond_its_bounds_is_refused(
    model: type[JobRequest | JobEdit], field: str, value: object
) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({field: value})

    assert {error["loc"][0] for error in refused.value.errors()} == {field}


def test_a_job_needs_no_name() -> None:
    request = JobRequest()

    called = (request.name, request.tags, request.metadata, request.priority)
    assert called == (None, [], {}, 0)


def test_a_spec_holds_the_hyperparameters_alone() -> None:
    request = JobRequest.model_validate(LONGEST | {"epochs": 3, "seed": 7})

    assert request.training_spec() == TrainingSpec(epochs=3, seed=7)
    assert type(request.training_spec()) is TrainingSpec


def test_a_drawn_seed_stays_when_the_spec_is_taken_out() -> None:
    request = JobRequest()

    assert request.training_spec().seed == request.seed


def test_hyperparameters_cannot_be_edited() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        JobEdit.model_validate({"epochs": 3})


def test_an_edit_knows_what_it_leaves_out() -> None:
    assert JobEdit(priority=0).model_dump(exclude_unset=True) == {"priority": 0}


def test_a_request_remembers_what_was_written_and_nothing_else() -> None:
    body = {"epochs": 3, "architecture": "mlp", "tags": ["a"]}

    assert JobRequest.model_validate(body).given == body
    assert JobRequest().given == {}
