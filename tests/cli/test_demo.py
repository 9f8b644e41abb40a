"""The parts of `modelmill demo`; the live tests run the service that it starts."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.cli.demo import (
    Sample,
    choose_samples,
    demand_success,
    running_service,
    show_answers,
    usable_port,
    wait_until_ready,
)
from app.client import Predictions
from app.errors import ServiceRefused
from app.launcher.place import free_port, listening_socket
from app.settings import Settings
from tests.client.jobs import CHECKPOINT
from tests.factories import bars, write_dataset
from tests.serving import NOBODY, serving

HOST = "127.0.0.1"


@pytest.fixture
def samples(tmp_path: Path) -> list[Sample]:
    write_dataset(tmp_path, test=60)
    return choose_samples(tmp_path / "datasets" / "mnist")


@pytest.fixture
def patient() -> Iterator[subprocess.Popen[bytes]]:
    """Give a process that lives until its input ends."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process


def answer_with(labels: list[str]) -> Predictions:
    found = {"object": "prediction", "probabilities": {}, "known": True}
    data = [found | {"file": "", "label": x, "confidence": 0.987} for x in labels]
    return Predictions.model_validate({"data": data, "checkpoint": CHECKPOINT})


def test_twenty_distinct_images_are_chosen(samples: list[Sample]) -> None:
    assert len({sample.name for sample in samples}) == 20


def test_the_same_images_are_chosen_each_time(
    samples: list[Sample], tmp_path: Path
) -> None:
    assert choose_samples(tmp_path / "datasets" / "mnist") == samples


def test_each_image_shows_its_truth(samples: list[Sample]) -> None:
    shown = [np.asarray(Image.open(BytesIO(sample.png))) for sample in samples]

    truths = [int(sample.truth) for sample in samples]
    np.testing.assert_array_equal(shown, bars(10)[0][truths])


def test_an_image_is_named_for_its_place_in_the_file(samples: list[Sample]) -> None:
    places = [int(sample.name[5:10]) for sample in samples]

    assert [str(bars(60)[1][place]) for place in places] == [x.truth for x in samples]


def test_the_configured_port_is_used_if_it_is_free() -> None:
    port = free_port(HOST)

    assert usable_port(Settings(port=port)) == port


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with listening_socket(HOST, 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]

        assert usable_port(Settings(port=port)) not in {port, 0}


def test_right_answers_are_counted_and_wrong_ones_marked() -> None:
    samples = [Sample(f"{truth}.png", b"", truth) for truth in "123"]
    output = StringIO()

    right = show_answers(Console(file=output), samples, answer_with(["1", "7", "3"]))

    assert right == 2
    rows = [line.split("│")[1:-1] for line in output.getvalue().splitlines()[3:6]]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["1.png", "1", "1", "98.7%", "right"],
        ["2.png", "2", "7", "98.7%", "WRONG"],
        ["3.png", "3", "3", "98.7%", "right"],
    ]
    assert output.getvalue().endswith("\n2 of 3 right\n")


def test_nineteen_right_and_a_good_test_result_are_a_success() -> None:
    demand_success(0.95, 19)


def test_a_low_test_accuracy_is_no_success() -> None:
    with pytest.raises(ServiceRefused, match=r"^Test accuracy is 94\.90%, below 95%"):
        demand_success(0.949, 20)


def test_eighteen_right_are_no_success() -> None:
    with pytest.raises(ServiceRefused, match=r"^Only 18 of 20 test images are right"):
        demand_success(0.99, 18)


def test_a_service_that_answers_is_ready(
    url: str, patient: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_until_ready(patient, url, tmp_path / "demo.log")

    assert patient.poll() is None


def test_a_service_that_is_not_ready_is_asked_again(
    patient: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    answers = iter([PlainTextResponse("not yet", 503), PlainTextResponse("ready")])

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await next(answers)(scope, receive, send)

    with serving(application) as url:
        wait_until_ready(patient, url, tmp_path / "demo.log")

    assert list(answers) == []


def test_a_service_that_dies_is_told_by_the_last_line_of_its_log(
    patient: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    log = tmp_path / "demo.log"
    log.write_text("starting\nmodelmill: The disk is full.\n")
    patient.communicate(b"")

    with pytest.raises(
        ServiceRefused, match=r"^The service did not start: modelmill: The disk is full"
    ):
        wait_until_ready(patient, NOBODY, log)


def test_the_reason_of_a_service_that_cannot_start_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "modelmill.sqlite3").write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))
    output = StringIO()

    with (
        pytest.raises(ServiceRefused, match="file is not a database"),
        running_service(Settings(), Console(file=output)) as _client,
    ):
        pytest.fail("the service started")

    assert output.getvalue().endswith("Stopped every process.\n")
