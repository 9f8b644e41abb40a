"""Followers, submitters and predictors at once, and what each of them was told.

`python -m benchmarks.crowd [--seconds N] [--json]`

200 clients follow the events of jobs, 50 submit jobs and cancel them again, 50 have
pictures classified, all as fast as they are answered. Nothing but success and a 429
that the document names may come back, and the api may not grow.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from app.datasets.mnist import write_subset
from app.settings import Settings
from benchmarks.report import Target, at_most, print_rows, print_targets
from benchmarks.serving import picture
from tests.live.processes import api
from tests.live.service import LiveService, live_service

SUBSET = (2304, 300)
FOLLOWERS, SUBMITTERS, PREDICTORS = 200, 50, 50
FOLLOWED_JOBS = 8
QUICK_JOB = {"epochs": 1, "batch_size": 32, "validation_size": 256, "seed": 3}
LONG_JOB = {**QUICK_JOB, "epochs": 1000}
TOO_MANY = 429
# Of the run: until then the api fills what it keeps anyway.
WARM_SHARE = 1 / 3
LOOK_SECONDS = 0.05
MOST_GROWTH = 0.05


@dataclass
class Tally:
    """What was asked, and what came back: a status, or the name of an error."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: int = 0
    growth: float = 0.0

    def of(self, kind: str) -> int:
        """Count the answers to what was asked."""
        return sum(count for (one, _), count in self.answers.items() if one == kind)

    @property
    def faults(self) -> dict[tuple[str, str], int]:
        return {
            place: count
            for place, count in self.answers.items()
            if not (place[1].startswith("2") or place[1] == str(TOO_MANY))
        }


@dataclass
class Crowd:
    """Clients of one service, until a moment."""

    client: httpx2.AsyncClient
    until: float
    image: bytes
    tally: Tally = field(default_factory=Tally)

    async def follow(self, job_id: str) -> None:
        """Read a stream of events until the end of the time; then leave."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self.until):
                await self._read_events(job_id)

    async def _read_events(self, job_id: str) -> None:
        stream = self.client.stream("GET", f"/jobs/{job_id}/events", timeout=None)
        async with stream as answer:
            self.tally.answers["follow", str(answer.status_code)] += 1
            async for line in answer.aiter_lines():
                self.tally.events += line.startswith("event:")

    async def submit(self, number: int) -> None:
        """Submit a job and cancel it, so that the queue stays as long as it is."""
        spec = {**QUICK_JOB, "name": f"crowd {number}"}
        answer = await self.ask("submit", "/jobs", json=spec)
        if answer is not None and answer.is_success:
            place = f"/jobs/{answer.json()['id']}/cancel"
            await self.ask("cancel", place)

    async def predict(self, _number: int) -> None:
        await self.ask("predict", "/predict", files={"image": ("a.png", self.image)})

    async def ask(
        self, kind: str, path: str, **content: object
    ) -> httpx2.Response | None:
        try:
            answer = await self.client.post(path, **content)  # type: ignore[arg-type]
        except httpx2.HTTPError as error:
            self.tally.answers[kind, type(error).__name__] += 1
            return None
        self.tally.answers[kind, str(answer.status_code)] += 1
        if answer.status_code == TOO_MANY:
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        return answer

    async def has_met_everybody(self) -> None:
        """Wait until each client has had an answer, which on a busy machine is late."""
        most = {"follow": FOLLOWERS, "submit": SUBMITTERS, "predict": PREDICTORS}
        while any(  # noqa: ASYNC110  # seldom more than one look
            self.tally.of(kind) < count for kind, count in most.items()
        ):
            await asyncio.sleep(LOOK_SECONDS)

    async def repeat(self, act: Callable[[int], Awaitable[None]], number: int) -> None:
        while asyncio.get_running_loop().time() < self.until:
            await act(number)


async def visit(service: LiveService, job_ids: list[str], seconds: float) -> Tally:
    """Let the crowd in for some seconds."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    process, image = api(service.data_dir), picture()
    async with httpx2.AsyncClient(
        base_url=service.url, limits=limits, timeout=60
    ) as client:
        crowd = Crowd(client, asyncio.get_running_loop().time() + seconds, image)
        async with asyncio.TaskGroup() as group:
            for number in range(FOLLOWERS):
                group.create_task(crowd.follow(job_ids[number % len(job_ids)]))
            for number in range(SUBMITTERS):
                group.create_task(crowd.repeat(crowd.submit, number))
            for number in range(PREDICTORS):
                group.create_task(crowd.repeat(crowd.predict, number))
            await asyncio.sleep(seconds * WARM_SHARE)
            await crowd.has_met_everybody()
            before = process.memory_info().rss
        crowd.tally.growth = process.memory_info().rss / before - 1
    return crowd.tally


def fill(service: LiveService) -> list[str]:
    """Train what answers, and start and queue jobs to follow."""
    service.wait_for_end(service.submit(**QUICK_JOB))
    return [service.submit(**LONG_JOB, name="followed") for _ in range(FOLLOWED_JOBS)]


def targets_of(tally: Tally) -> dict[str, Target]:
    return {
        "crowd_faults": at_most(sum(tally.faults.values()), 0),
        "crowd_memory_growth": at_most(tally.growth, MOST_GROWTH),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="crowd-", dir="/tmp") as root:
        target = Path(root) / "datasets" / "mnist"
        write_subset(Settings().datasets_dir / "mnist", target, *SUBSET)
        with live_service(Path(root)) as service:
            job_ids, began = fill(service), time.monotonic()
            tally = asyncio.run(visit(service, job_ids, arguments.seconds))
            seconds = time.monotonic() - began
    rows = [
        (f"{kind} {answer}", f"{count:,} ({count / seconds:,.0f}/s)")
        for (kind, answer), count in sorted(tally.answers.items())
    ]
    rows.append(("events", f"{tally.events:,}"))
    print_rows(rows)
    print_targets(targets_of(tally), as_json=arguments.json)


if __name__ == "__main__":
    main()
