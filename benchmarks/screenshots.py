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
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from app.settings import Settings
from tests.live.service import LiveService, live_service

Scheme = Literal["light", "dark"]

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# Each view, and what is there once it shows what it is for.
VIEWS = {
    "new": ".layers tfoot",
    "job": ".worst li",
    "compare": ".differences",
    "draw": "canvas",
    "inside": ".stages li",
    "phone": "canvas",
    "jobs": "table.jobs progress",
}
WIDE: ViewportSize = {"width": 1200, "height": 760}
NARROW: ViewportSize = {"width": 360, "height": 760}
SHARPNESS = 2
QUALITY = 80
SEVEN = ([(90, 70), (205, 70), (165, 150), (130, 235)], [(115, 152), (200, 144)])
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


def train(service: LiveService) -> list[str]:
    job_ids = [service.submit(**spec) for spec in TRAINED]
    for job_id in job_ids:
        service.wait_for_end(job_id)
    return job_ids


def keep_busy(service: LiveService) -> None:
    """Leave one job under way and one in the queue."""
    running, *_others = [service.submit(**spec) for spec in WAITING]
    service.wait_for(running, lambda job: job["progress"] is not None)


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
    expect(page.locator(VIEWS[name]).first).to_be_visible(timeout=30_000)
    if name in ("draw", "phone"):
        draw(page)
    page.wait_for_timeout(1500)  # progress, tables and charts of several requests


def draw(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    scale = box["width"] / 280
    for stroke in SEVEN:
        points = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=8)
        page.mouse.up()
    expect(page.locator(".seen").first).to_be_visible()


def shoot(
    browser: Browser, service: LiveService, job_ids: list[str], only: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield each view in both schemes; the table of jobs last, with some under way."""
    for name in VIEWS:
        if name == "jobs":
            keep_busy(service)
        for scheme in SCHEMES:
            if only and f"{name}-{scheme}" not in only:
                continue
            page = browser.new_page(
                color_scheme=scheme,
                device_scale_factor=SHARPNESS,
                viewport=NARROW if name == "phone" else WIDE,
            )
            open_view(page, service.url, name, job_ids)
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
            job_ids = train(service)
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            for name, png in shoot(browser, service, job_ids, asked.only):
                picture = Image.open(io.BytesIO(png))
                picture.save(asked.folder / f"{name}.webp", quality=QUALITY)
                print(asked.folder / f"{name}.webp")
            browser.close()


if __name__ == "__main__":
    main()
