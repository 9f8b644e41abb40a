"""No file, however odd, gets more than a moment or other answers than 2xx and 4xx."""

import time

import psutil
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.factories import succeeded_job
from tests.vision.corpus import corpus

MEBIBYTE = 1024 * 1024
LONGEST_SECONDS = 1.0
MOST_GROWTH = 200 * MEBIBYTE
# Pillow only warns of large claims; the service refuses them by its own limit.
BOMB_WARNING = "ignore::PIL.Image.DecompressionBombWarning"


@pytest.mark.filterwarnings(BOMB_WARNING)
@pytest.mark.parametrize("query", ["", "?segment=true&explain=true"])
def test_hostile_files_are_answered_soon_and_cost_no_memory(
    client: TestClient, engine: Engine, query: str
) -> None:
    succeeded_job(engine)
    files = corpus()
    process = psutil.Process()
    client.post(f"/predict{query}", files={"image": files["L as PNG"]})
    before = process.memory_info().rss

    wrong: dict[str, str] = {}
    for name, content in files.items():
        start = time.perf_counter()
        response = client.post(f"/predict{query}", files={"image": (name, content)})
        seconds = time.perf_counter() - start
        kind = response.headers["content-type"]
        is_well = response.status_code == 200 or (
            400 <= response.status_code < 500 and kind == "application/problem+json"
        )
        if not is_well or seconds > LONGEST_SECONDS:
            wrong[name] = f"{response.status_code} {kind} after {seconds:.2f} s"

    assert len(files) >= 200
    assert wrong == {}
    assert process.memory_info().rss - before < MOST_GROWTH


@pytest.mark.filterwarnings(BOMB_WARNING)
def test_hostile_files_do_not_lose_a_good_one_among_them(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    files = [("images", item) for item in list(corpus().items())[:250]]

    response = client.post("/predict", files=files)

    entries = response.json()["data"]
    good = next(entry for entry in entries if entry["file"] == "L as PNG")
    assert response.status_code == 200
    assert len(entries) == 250
    assert good["object"] == "prediction"
