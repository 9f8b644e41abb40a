import os
from pathlib import Path

import pytest

from app.datasets.mnist import write_subset

MNIST = Path(__file__).parents[2] / "var" / "datasets" / "mnist"
SUBSET = (2304, 300)  # training and test images


@pytest.fixture(autouse=True)
def _is_live(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("live") is not None


@pytest.fixture(scope="session")
def real_mnist() -> Path:
    if not MNIST.is_dir():
        assert "CI" not in os.environ, "run `make data` first"
        pytest.skip("real MNIST is not there; run `make data`")
    return MNIST


@pytest.fixture
def data_dir(tmp_path: Path, real_mnist: Path) -> Path:
    """A data directory with a real subset of MNIST that trains in seconds."""
    target = tmp_path / "datasets" / "mnist"
    write_subset(real_mnist, target, *SUBSET)
    return tmp_path
