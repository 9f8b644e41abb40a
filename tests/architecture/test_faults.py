"""What cannot work is refused at its layer, with the arithmetic, all at once."""

import pytest
from pydantic import ValidationError

from app.architecture import Architecture, check_architecture
from tests.architecture.broken import CASES, END, FLATTEN, Json, conv, pool, residual


def faults(*layers: Json) -> list[tuple[str, str, str]]:
    """Return pointer, code and message of each fault over 28x28 pixels."""
    asked = Architecture.model_validate({"layers": list(layers)})
    with pytest.raises(ValidationError) as refused:
        check_architecture(asked.for_classes(10), (1, 28, 28), 10)
    return [
        ("/".join(map(str, error["loc"])), error["type"], error["msg"])
        for error in refused.value.errors()
    ]


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_at_its_layer(case: str) -> None:
    layers, (pointer, code, message) = CASES[case]

    [(found_pointer, found_code, found_message)] = faults(*layers)

    assert (found_pointer, found_code) == (pointer, code)
    assert message in found_message


def test_all_independent_faults_come_at_once() -> None:
    found = faults(
        conv(kernel=5, stride=2),
        conv(filters=7, groups=2, kernel=60),
        FLATTEN,
        FLATTEN,
        {"linear": 12},
    )

    assert [(pointer, code) for pointer, code, _message in found] == [
        ("layers/0/conv/kernel", "output_not_whole"),
        ("layers/1/conv/groups", "groups_do_not_divide"),
        ("layers/3/flatten", "second_flatten"),
        ("layers/4/linear/units", "wrong_outputs"),
    ]


def test_what_follows_from_a_fault_is_not_told_as_well() -> None:
    found = faults(
        conv(kernel=40), pool(size=9), residual(conv(filters=8)), FLATTEN, *END[1:]
    )

    assert [code for _pointer, code, _message in found] == ["kernel_larger_than_input"]


def test_sides_of_two_lengths_are_checked_both() -> None:
    asked = Architecture.model_validate({"layers": [pool(size=4), *END]})

    with pytest.raises(ValidationError, match=r"\(10 . 4 \+ 2·0\)/4 \+ 1 = 2.5"):
        check_architecture(asked.for_classes(10), (1, 8, 10), 10)
