"""A zip that means no good is refused, or its bad entry is a row that says why."""

import json
import struct
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED

import pytest
from fastapi.testclient import TestClient

from app.bulk.archive import archive_limits, count_images
from app.bulk.runner import BulkRunner
from app.errors import UploadRefused
from app.models import Job
from app.settings import Settings
from tests.bulk.zips import IMAGES, digits, lying, with_flag, zipped
from tests.factories import read_problem

ZIP = {"Content-Type": "application/zip"}
Json = dict[str, Any]


def rows_of(client: TestClient, runner: BulkRunner, archive: bytes) -> list[Json]:
    bulk = client.post("/predictions", content=archive, headers=ZIP).json()
    runner.work_off()
    result = client.get(f"/predictions/{bulk['id']}/result")
    return [json.loads(line) for line in result.text.splitlines()]


BAD = {
    "traversal": (zipped({"../../a.png": IMAGES[0]}), "leads out"),
    "absolute": (zipped({"/etc/a.png": IMAGES[0]}), "absolute"),
    "nested": (zipped({"a.zip": zipped(digits(1))}), "is an archive itself"),
    "encrypted": (with_flag(zipped({"a.png": IMAGES[0]}), 1), "is encrypted"),
    "bzip2": (zipped({"a.png": IMAGES[0]}, ZIP_BZIP2), "unusual way"),
    "bomb": (zipped({"a.png": bytes(2**22)}, ZIP_DEFLATED), "times its size"),
    "claims-less": (lying({"a.png": IMAGES[0]}, 10), "cannot be read"),
    "claims-more": (lying({"a.png": IMAGES[0]}, 9999), "as long as it claims"),
    "claims-much-more": (lying({"a.png": IMAGES[0]}, 2**30), "more than"),
    "text": (zipped({"a.txt": b"seven"}), "is not a PNG"),
    "empty": (zipped({"a.png": b""}), "is empty"),
    "torn": (zipped({"a.png": IMAGES[0][:60]}), "cannot be decoded"),
}


@pytest.mark.parametrize(("archive", "reason"), BAD.values(), ids=BAD)
def test_a_bad_entry_is_a_row_with_its_name_and_reason(
    client: TestClient, runner: BulkRunner, job: Job, archive: bytes, reason: str
) -> None:
    [row] = rows_of(client, runner, archive)

    assert "a." in row["file"]
    assert row["error"]["code"]
    assert reason in row["error"]["message"]


def test_nothing_is_written_under_a_name_of_a_zip(
    client: TestClient, runner: BulkRunner, job: Job, settings: Settings
) -> None:
    rows_of(client, runner, zipped({"../a.png": IMAGES[0], "b.png": IMAGES[1]}))

    assert not list(settings.data_dir.parent.rglob("[ab].png"))


def test_a_bad_entry_loses_none_of_the_others(
    client: TestClient, runner: BulkRunner, job: Job
) -> None:
    files = {
        "0.png": IMAGES[0],
        "../1.png": IMAGES[1],
        "2.png": b"7",
        "3.png": IMAGES[3],
    }

    rows = rows_of(client, runner, zipped(files))

    [bulk] = client.get("/predictions").json()["data"]
    assert [row["file"] for row in rows] == list(files)
    assert ["error" in row for row in rows] == [False, True, True, False]
    assert (bulk["images_done"], bulk["images_refused"]) == (4, 2)


@pytest.mark.parametrize(
    "archive",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"seven" * 100, id="no-zip"),
        pytest.param(zipped({}), id="empty"),
        pytest.param(zipped({"folder/": b""}), id="only-folders"),
        pytest.param(zipped(digits(3))[:-30], id="torn"),
        pytest.param(zipped(digits(3))[50:-1], id="cut"),
    ],
)
def test_what_is_no_zip_of_files_is_refused_at_once(
    client: TestClient, settings: Settings, job: Job, archive: bytes
) -> None:
    response = client.post("/predictions", content=archive, headers=ZIP)

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (422, "upload_refused")
    assert list((settings.data_dir / "bulk").iterdir()) == []


def test_a_zip_of_too_many_files_is_refused(settings: Settings) -> None:
    limits = archive_limits(settings.model_copy(update={"max_bulk_images": 2}))
    path = settings.data_dir / "a.zip"
    path.write_bytes(zipped(digits(3)))

    with pytest.raises(UploadRefused, match="more than 2 entries"):
        count_images(path, limits)


def test_a_zip_that_unpacks_to_too_much_is_refused(settings: Settings) -> None:
    limits = archive_limits(settings.model_copy(update={"max_archive_bytes": 200}))
    path = settings.data_dir / "a.zip"
    path.write_bytes(zipped(digits(3)))

    with pytest.raises(UploadRefused, match="more than 200 bytes"):
        count_images(path, limits)


def test_an_end_that_lies_about_the_directory_is_refused(
    client: TestClient, job: Job
) -> None:
    archive = zipped(digits(3))
    place = archive.index(b"PK\x05\x06") + 12
    lie = archive[:place] + struct.pack("<L", 2**31) + archive[place + 4 :]

    problem = read_problem(client.post("/predictions", content=lie, headers=ZIP))

    assert problem["status"] == 422
