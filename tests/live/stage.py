"""Where faults happen: services on directories of their own, of three settings."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path

from app.datasets.mnist import write_subset
from tests.live.clock import clock_of_its_own, has_compiler
from tests.live.service import LiveService
from tests.live.workers import more_workers

SUBSET = (384, 100)  # training and test images: eight steps an epoch
SMALL_DISK = "160m"


class Setting(StrEnum):
    """What a service has around it."""

    ALONE = "alone"  # as `modelmill serve` starts it
    CROWD = "crowd"  # with two more workers, one of them with a clock of its own
    SMALL_DISK = "small disk"  # on a tmpfs that can be filled


class Stage:
    """A running service and what it stands on, all of which goes at the end."""

    def __init__(self, setting: Setting, root: Path, mnist: Path) -> None:
        self.setting = setting
        self._held = ExitStack()
        data_dir = Path(tempfile.mkdtemp(dir=root))
        with ExitStack() as opening:
            if setting is Setting.SMALL_DISK:
                opening.enter_context(small_disk(data_dir))
            write_subset(mnist, data_dir / "datasets" / "mnist", *SUBSET)
            self.service = LiveService(
                data_dir, training_threads=1, progress_seconds=0.2, min_free_bytes=0
            )
            opening.callback(self.service.close)
            self.service.start()
            if setting is Setting.CROWD:
                more = more_workers(self.service, {}, clock_if_possible(data_dir))
                opening.enter_context(more)
            self._held = opening.pop_all()

    def close(self) -> None:
        self._held.close()


def clock_if_possible(data_dir: Path) -> dict[str, str]:
    return clock_of_its_own(data_dir) if has_compiler() else {}


@contextmanager
def small_disk(directory: Path) -> Iterator[None]:
    """Mount a small file system of its own on a directory."""
    options = ["-t", "tmpfs", "-o", f"size={SMALL_DISK}", "modelmill-chaos"]
    subprocess.run(["mount", *options, str(directory)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def can_mount() -> bool:
    """Say whether this process may mount; containers often forbid it to root too."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as directory:
        try:
            with small_disk(Path(directory)):
                return True
        except (subprocess.CalledProcessError, FileNotFoundError):
            return False
