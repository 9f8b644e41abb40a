"""Benchmarks compare like with like, and end in a line that a program can read."""

import json
from itertools import islice

import pytest

from app.vision.network import build_network
from benchmarks.plain_loop import Images, flop_per_image, plain_network, plain_steps
from benchmarks.report import at_least, at_most, print_rows, print_targets
from tests.factories import PICTURE, TUTORIAL, split_of_bars


def test_a_figure_that_reaches_its_target_meets_it() -> None:
    assert at_least(1.0, 1.0).met


def test_a_target_is_missed_even_where_rounding_would_meet_it() -> None:
    target = at_least(0.99999, 1.0)

    assert (target.value, target.met) == (1.0, False)


def test_a_figure_that_must_be_small_misses_its_target_above_it() -> None:
    assert at_most(0.5, 0.5).met
    assert not at_most(0.50001, 0.5).met


def test_rows_are_set_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([("ours", "2 images/s"), ("a peer", "1 images/s")])

    assert capsys.readouterr().out == "ours    2 images/s\na peer  1 images/s\n"


def test_each_target_is_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    print_targets({"speed": at_least(2, 1), "size": at_least(1, 2)}, as_json=False)

    assert capsys.readouterr().out.splitlines() == [
        "speed: 2 (target 1) met",
        "size: 1 (target 2) MISSED",
    ]


def test_the_last_line_is_json_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    print_targets({"speed": at_least(1.23456, 1.0)}, as_json=True)

    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "targets": {"speed": {"value": 1.2346, "target": 1.0, "met": True}}
    }


def test_the_peer_is_as_large_as_ours() -> None:
    sizes = [
        sum(parameter.numel() for parameter in network.parameters())
        for network in (plain_network(), build_network(TUTORIAL, PICTURE))
    ]

    assert sizes == [1_378_698, 1_378_698]


def test_the_peer_sees_one_image_at_a_time() -> None:
    images = Images(split_of_bars(3))

    image, label = images[2]

    assert len(images) == 3
    assert (image.shape, label.item()) == ((1, 28, 28), 2)
    assert (image.min().item(), image.max().item()) == (0, 1)


def test_the_peer_goes_on_when_the_images_are_over() -> None:
    steps = plain_steps(split_of_bars(4), batch_size=2)

    assert len(list(islice(steps, 5))) == 5


def test_an_image_costs_what_the_layers_multiply() -> None:
    # 9 x 32 at 784 places, 288 x 64 at 196, 576 x 128 at 49; 2048 x 625; 625 x 10.
    multiply_adds = (225_792, 3_612_672, 3_612_672, 1_280_000, 6_250)

    assert flop_per_image() == 2 * (3 * sum(multiply_adds) - 225_792)
