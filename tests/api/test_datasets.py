"""Datasets are uploaded, reported on, versioned, learned from and deleted."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app.database.engine import write_session
from app.datasets.idx import idx_bytes
from app.intake import Validator
from app.library import Upload, get_dataset, new_version, read_content
from app.settings import Settings
from app.states import DatasetStatus
from tests.factories import bars, encoded, read_problem

Json = dict[str, Any]


def picture(level: int, mode: str = "L", side: int = 20) -> bytes:
    image = Image.new(mode, (side, side + 5))
    image.putpixel((level % side, level // side), 255 if mode == "L" else (9, 200, 9))
    return encoded(image)


def shapes(count: int = 8) -> dict[str, bytes]:
    """Return pictures of two classes, all of them different."""
    return {
        f"data/{name}/{number}.png": picture(number + start, mode)
        for name, start, mode in (("circle", 0, "L"), ("square", 100, "RGB"))
        for number in range(count)
    }


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def upload(
    client: TestClient, data: bytes, name: str = "shapes", **fields: str
) -> Json:
    response = client.post(
        "/datasets", files={"file": ("any.zip", data)}, data={"name": name, **fields}
    )
    assert response.status_code == 201, response.text
    answer: Json = response.json()
    assert response.headers["location"] == f"/datasets/{answer['id']}"
    return answer


def report_of(client: TestClient, answer: Json) -> Json:
    report: Json = client.get(f"/datasets/{answer['id']}/report").json()
    return report


def codes(findings: list[Json]) -> set[str]:
    return {one["code"] for one in findings}


@pytest.fixture(autouse=True)
def _nothing_stays_behind(settings: Settings) -> Iterator[None]:
    yield
    folder = settings.staging_dir
    assert not folder.is_dir() or list(folder.iterdir()) == []


def test_folders_become_classes_and_a_test_split_is_made(client: TestClient) -> None:
    answer = upload(client, zipped(shapes()))

    assert (answer["status"], answer["reference"]) == ("ready", "shapes@1")
    assert answer["class_names"] == ["circle", "square"]
    assert (answer["train_images"], answer["test_images"]) == (12, 4)
    report = report_of(client, answer)
    assert report["modes"] == {"L": 8, "RGB": 8}
    assert report["sizes"] == {"20x25": 16}
    assert codes(report["warnings"]) == {"test_split_made"}


def test_folders_of_train_and_test_are_kept_apart(client: TestClient) -> None:
    files = {f"train/{name[5:]}": data for name, data in shapes().items()}
    files["test/circle/a.png"] = files["train/circle/0.png"]

    report = report_of(client, upload(client, zipped(files)))

    assert report["classes"][0] == {"name": "circle", "train": 8, "test": 1}
    assert report["duplicates"]["across_splits"] == 1
    assert codes(report["warnings"]) == {"leakage", "class_without_test_images"}


def test_images_get_the_commonest_size_and_the_colours_that_they_have(
    client: TestClient,
) -> None:
    files = {**shapes(), "data/circle/tall.png": picture(3, side=40)}

    answer = upload(client, zipped(files))

    assert answer["shape"] == [3, 25, 20]
    assert report_of(client, answer)["images_as"] == {
        "shape": [3, 25, 20],
        "size_from": "commonest",
        "colour_from": "found",
        "coloured": 8,
        "resized": 1,
    }
    sheet = client.get(f"/datasets/{answer['id']}/contact-sheet.png").content
    assert Image.open(io.BytesIO(sheet)).mode == "RGB"


def test_a_client_may_choose_size_and_colours(client: TestClient) -> None:
    fields = {"size": "16x12", "colour": "grey"}

    answer = upload(client, zipped(shapes()), **fields)

    assert answer["shape"] == [1, 12, 16]
    rules = report_of(client, answer)["images_as"]
    assert (rules["size_from"], rules["colour_from"]) == ("given", "given")


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"size": "97"}, "size", "size_too_large"),
        ({"size": "20x300"}, "size", "size_too_large"),
        ({"size": "0x3"}, "size", "string_pattern_mismatch"),
        ({"size": "-1"}, "size", "string_pattern_mismatch"),
        ({"colour": "blue"}, "colour", "literal_error"),
        (
            {"preprocess": "auto", "size": "32"},
            "preprocess",
            "digits_have_one_shape",
        ),
        (
            {"preprocess": "auto", "colour": "rgb"},
            "preprocess",
            "digits_have_one_shape",
        ),
    ],
)
def test_what_cannot_be_made_of_images_is_refused(
    client: TestClient, fields: dict[str, str], place: str, code: str
) -> None:
    response = client.post(
        "/datasets",
        files={"file": ("any.zip", zipped(shapes()))},
        data={"name": "shapes", **fields},
    )

    [error] = read_problem(response)["errors"]
    assert (error["pointer"], error["code"]) == (f"/body/{place}", code)


def test_arrays_of_any_side_stay_as_they_are(
    client: TestClient, engine: Engine
) -> None:
    images = np.random.default_rng(3).integers(0, 256, (20, 9, 14), np.uint8)
    labels = np.arange(20, dtype=np.uint8) % 2
    files = [
        ("file", ("train-images-idx3-ubyte", idx_bytes(images))),
        ("file", ("train-labels-idx1-ubyte", idx_bytes(labels))),
    ]

    answer = client.post("/datasets", files=files, data={"name": "noise"}).json()

    assert answer["shape"] == [1, 9, 14]
    with write_session(engine) as session:
        content = read_content(session, answer["digest"])
    kept = {one.tobytes() for one in (*content.train.images, *content.test.images)}
    assert kept == {one.tobytes() for one in images}


def test_what_is_no_picture_is_named_with_its_reason(client: TestClient) -> None:
    huge = bytearray(picture(0))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    bad = {"data/circle/notes.txt": b"seven", "data/circle/huge.png": bytes(huge)}

    report = report_of(client, upload(client, zipped({**shapes(), **bad})))

    assert {one["file"] for one in report["unreadable"]} == set(bad)
    assert "unreadable_files" in codes(report["warnings"])


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a/1.png": picture(1)}, "too_few_classes"),
        (shapes(2), "too_few_images"),
        ({**shapes(), "data/empty/": b""}, "empty_class"),
    ],
)
def test_what_cannot_be_learned_from_fails_and_says_why(
    client: TestClient, files: dict[str, bytes], code: str
) -> None:
    answer = upload(client, zipped(files))

    assert answer["status"] == "failed"
    assert code in codes(report_of(client, answer)["fatal"])
    problem = read_problem(client.post("/jobs", json={"dataset": "shapes@1"}))
    assert problem["errors"][0]["code"] == "dataset_not_ready"


def test_a_hostile_archive_leaves_nothing(client: TestClient) -> None:
    response = client.post(
        "/datasets",
        files={"file": ("a.zip", zipped({"../bad.png": b"x"}))},
        data={"name": "shapes"},
    )

    problem = read_problem(response)
    assert problem["code"] == "archive_refused"
    assert "../bad.png" in problem["detail"]
    assert client.get("/datasets").json()["first_id"] == "mnist"


@pytest.mark.parametrize(
    ("files", "data", "pointer"),
    [
        ({}, {"name": "a"}, "/body/file"),
        ({"file": b"x"}, {}, "/body/name"),
        ({"file": b"x"}, {"name": "mnist"}, "/body/name"),
        ({"file": b"x"}, {"name": "../a"}, "/body/name"),
        ({"other": b"x"}, {"name": "a"}, "/body/other"),
    ],
)
def test_a_form_that_lacks_something_is_refused(
    client: TestClient, files: dict[str, bytes], data: dict[str, str], pointer: str
) -> None:
    named = {name: ("a.zip", content) for name, content in files.items()}

    response = client.post("/datasets", files=named or {"": ("", b"")}, data=data)

    assert read_problem(response)["status"] == 422
    if files:
        assert read_problem(response)["errors"][0]["pointer"] == pointer


def test_arrays_are_datasets_too(client: TestClient) -> None:
    images, labels = bars(20)
    file = io.BytesIO()
    np.savez_compressed(file, images=images, labels=labels)

    response = client.post(
        "/datasets", files={"file": ("a.npz", file.getvalue())}, data={"name": "bars"}
    )

    assert response.json()["class_names"] == [*"0123456789"]
    assert response.json()["train_images"] == 10


def test_idx_files_come_in_pairs(client: TestClient) -> None:
    images, labels = bars(20)
    files = [
        ("file", ("train-images-idx3-ubyte", idx_bytes(images))),
        ("file", ("train-labels-idx1-ubyte", idx_bytes(labels))),
    ]

    both = client.post("/datasets", files=files, data={"name": "bars"})
    one = client.post("/datasets", files=files[:1], data={"name": "bars"})

    assert both.json()["status"] == "ready"
    assert "lacks its counterpart" in read_problem(one)["detail"]


def test_pickled_arrays_are_not_read(client: TestClient) -> None:
    file = io.BytesIO()
    np.savez(file, images=np.array([{}], object), labels=np.zeros(1, np.uint8))

    response = client.post(
        "/datasets", files={"file": ("a.npz", file.getvalue())}, data={"name": "bad"}
    )

    assert "holds object" in read_problem(response)["detail"]


def test_a_job_pins_the_version_and_keeps_it_from_deletion(client: TestClient) -> None:
    first = upload(client, zipped(shapes()))
    upload(client, zipped(shapes(9)))

    newest = client.post("/jobs", json={"dataset": "shapes", "batch_size": 4}).json()
    older = client.post("/jobs", json={"dataset": "shapes@1", "batch_size": 4}).json()

    assert newest["spec"]["dataset"] == "shapes@2"
    assert older["spec"]["dataset_pin"]["digest"] == first["digest"]
    assert older["spec"]["architecture"]["layers"][-1]["linear"]["units"] == 2
    problem = read_problem(client.delete(f"/datasets/{first['id']}"))
    assert problem["code"] == "dataset_in_use"


def test_wrong_outputs_are_refused_with_both_numbers(client: TestClient) -> None:
    upload(client, zipped(shapes()))
    layers = [{"flatten": {}}, {"linear": 10}]

    asked = {"dataset": "shapes", "batch_size": 4, "architecture": {"layers": layers}}
    problem = read_problem(client.post("/jobs", json=asked))

    assert problem["errors"][0]["code"] == "wrong_outputs"
    assert "10 outputs for 2 classes" in problem["errors"][0]["message"]


def test_the_same_content_is_stored_once_and_freed_with_its_last_version(
    client: TestClient,
) -> None:
    first, second = (upload(client, zipped(shapes())) for _ in range(2))

    assert first["digest"] == second["digest"]
    tried = client.delete(f"/datasets/{first['id']}?dry_run=true").json()
    assert tried["shared_with"] == ["shapes@2"]
    assert client.delete(f"/datasets/{first['id']}").status_code == 204
    assert client.get(f"/datasets/{first['id']}").status_code == 404
    sheet = client.get(f"/datasets/{second['id']}/contact-sheet.png")
    assert Image.open(io.BytesIO(sheet.content)).format == "PNG"
    assert client.delete(f"/datasets/{second['id']}").status_code == 204


def test_uploads_are_listed_before_what_is_built_in(client: TestClient) -> None:
    upload(client, zipped(shapes()))

    first = client.get("/datasets?limit=2").json()
    rest = client.get("/datasets", params={"after": first["last_id"]}).json()

    assert [one["name"] for one in first["data"]] == ["shapes", "mnist"]
    assert first["has_more"]
    assert [one["name"] for one in rest["data"]] == ["fashion-mnist"]
    assert not rest["has_more"]


def test_built_in_datasets_stay_and_have_no_report(client: TestClient) -> None:
    assert client.get("/datasets/mnist").json()["status"] == "ready"
    assert read_problem(client.delete("/datasets/mnist"))["code"] == "dataset_in_use"
    assert client.get("/datasets/mnist/report").status_code == 404


def test_an_abandoned_validation_is_taken_over(
    client: TestClient, settings: Settings, engine: Engine
) -> None:
    ticks = iter([0.0] + [1000.0] * 100)
    other = Validator(engine, settings, clock=lambda: next(ticks))
    done = upload(client, zipped(shapes()))
    with write_session(engine) as session:
        row = get_dataset(session, UUID(done["id"]))
        folder = other.folder_of(row.id)
        folder.mkdir(parents=True)
        (folder / "0").write_bytes(zipped(shapes()))
        row.status, row.digest, row.report = DatasetStatus.VALIDATING, None, None
        session.add(row)
        session.commit()

    other.run_once()
    assert client.get(f"/datasets/{done['id']}").json()["status"] == "validating"
    other.run_once()

    answer = client.get(f"/datasets/{done['id']}").json()
    assert (answer["status"], answer["digest"]) == ("ready", done["digest"])
    with write_session(engine) as session:
        assert len(read_content(session, answer["digest"]).train) == 12


def test_an_upload_whose_files_are_gone_fails(
    client: TestClient, settings: Settings, engine: Engine
) -> None:
    upload_id = uuid4()
    with write_session(engine) as session:
        new_version(session, Upload(upload_id, "lost", ("a.zip",), "plain"))
    validator = Validator(engine, settings)

    validator.hand_over((upload_id, 1))
    validator.run_once()

    answer = client.get(f"/datasets/{upload_id}").json()
    assert answer["status"] == "failed"
    assert "not on this machine" in answer["error"]
