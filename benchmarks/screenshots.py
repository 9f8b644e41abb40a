"""Pictures of the page for README, light and dark, of networks that are trained for it.

`python -m benchmarks.screenshots [FOLDER] [--only NAME]…`
"""

import argparse
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.settings import Settings
from tests.live.service import LiveService, live_service

Scheme = Literal["light", "dark"]

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
VIEWS = ("jobs", "new", "job", "compare", "draw", "inside", "phone")
WIDE = {"width": 1200, "height": 760}
NARROW = {"width": 360, "height": 760}
SHARPNESS = 2
QUALITY = 80
SEVEN = [(90, 70), (215, 70), (165, 160), (130, 245)]
SUBSET: dict[str, Any] = {"train_images": 6000, "validation_size": 1000, "seed": 1}
TRAINED: tuple[dict[str, Any], ...] = (
    {"name": "The tutorial's network", "epochs": 3, **SUBSET},
    {
        "name": "LeNet-5 with momentum",
        "architecture": "lenet5",
        "optimizer": {"kind": "sgd", "momentum": 0.9},
        "learning_rate": 0.02,
        "epochs": 8,
        **SUBSET,
    },
    {"name": "Fast preset", "preset": "fast", "epochs": 6, **SUBSET},
)
WAITING: tuple[dict[str, Any], ...] = (
    {"name": "The tutorial's network, in full", "seed": 2016},
    {"name": "Highest accuracy", "preset": "accurate", "seed": 1},
)


def prepare(service: LiveService) -> list[str]:
    """Train three networks, and leave one under way and one in the queue."""
    job_ids = [service.submit(**spec) for spec in TRAINED]
    for job_id in job_ids:
        service.wait_for_end(job_id)
    running, *_others = [service.submit(**spec) for spec in WAITING]
    service.wait_for(running, lambda job: job["progress"] is not None)
    return job_ids


def open_view(page: Page, url: str, name: str, job_ids: list[str]) -> None:
    best = job_ids[-1]
    addresses = {
        "job": f"jobs/{best}",
        "compare": f"compare?ids={','.join(job_ids)}",
        "draw": f"draw?job={best}&job2={best}&epoch2=1",
        "inside": f"inside?job={best}",
        "phone": f"draw?job={best}",
    }
    page.goto(f"{url}/#/{addresses.get(name, name)}")
    page.wait_for_load_state("networkidle")
    if name in ("draw", "phone"):
        draw(page)
    page.wait_for_timeout(1500)  # progress, tables and charts of several requests


def draw(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    scale = box["width"] / 280
    points = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in SEVEN]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()
    expect(page.locator(".seen").first).to_be_visible()


def shoot(
    browser: Browser, url: str, job_ids: list[str], only: list[str]
) -> Iterator[tuple[str, bytes]]:
    for scheme in SCHEMES:
        for name in VIEWS:
            if only and f"{name}-{scheme}" not in only:
                continue
            page = browser.new_page(
                color_scheme=scheme,
                device_scale_factor=SHARPNESS,
                viewport=NARROW if name == "phone" else WIDE,
            )
            open_view(page, url, name, job_ids)
            yield f"{name}-{scheme}", page.screenshot()
            page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default="build/screenshots")
    parser.add_argument("--only", action="append", default=[])
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screenshots-", dir="/tmp") as root:
        data_dir = Path(root)
        (data_dir / "datasets").symlink_to(Settings().datasets_dir.absolute())
        with live_service(data_dir) as service, sync_playwright() as playwright:
            job_ids = prepare(service)
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            for name, png in shoot(browser, service.url, job_ids, asked.only):
                picture = Image.open(io.BytesIO(png))
                picture.save(asked.folder / f"{name}.webp", quality=QUALITY)
                print(asked.folder / f"{name}.webp")
            browser.close()


if __name__ == "__main__":
    main()
