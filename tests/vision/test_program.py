"""A checkpoint becomes a program that torch runs alone, the same each time."""

import io
from uuid import UUID

import pytest
import torch

from app.vision.checkpoint import decode_checkpoint
from app.vision.program import export_program, main
from tests.factories import fresh_weights

JOB_ID = UUID(int=1)


def test_a_program_takes_batches_of_any_size() -> None:
    data = fresh_weights(JOB_ID)
    images = torch.rand(5, 1, 28, 28)

    program = torch.export.load(io.BytesIO(export_program(data))).module()

    network = decode_checkpoint(data).network
    with torch.inference_mode():
        for count in (1, 2, 5):
            part = images[:count]
            assert torch.allclose(program(part), network(part), atol=1e-5)


def test_a_program_is_the_same_each_time() -> None:
    data = fresh_weights(JOB_ID)

    assert export_program(data) == export_program(data)


def test_the_process_takes_a_checkpoint_and_gives_a_program(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = fresh_weights(JOB_ID)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    main()

    assert capsysbinary.readouterr().out == export_program(data)
