"""Messages that come five times, and listeners whose API goes away."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2

from app.queue import CeleryQueue
from tests.live import processes
from tests.live.audit import TERMINAL
from tests.live.faults.scene import Scene, now
from tests.live.history import numbered, read_events
from tests.live.service import PATIENCE_SECONDS, LiveService
from tests.live.workers import broker_url

COPIES = 5


def deliver_five_times(scene: Scene) -> float | None:
    """The same message, five times at once, while several workers listen."""
    if scene.random.random() < 0.5:
        scene.wait_for_moment()
    queue = CeleryQueue(broker_url(scene.service))
    sent_at = now()
    with ThreadPoolExecutor(COPIES) as senders:
        list(senders.map(queue.enqueue, [UUID(scene.job_id)] * COPIES))
    recovery = scene.recovery(sent_at)
    kinds = [event["kind"] for event in read_events(scene.service, scene.job_id)]
    assert kinds.count("running") == 1 + kinds.count("requeued"), kinds
    return recovery


@dataclass
class Follower:
    """A client of the event stream that reconnects with Last-Event-ID."""

    service: LiveService
    job_id: str
    events: list[dict[str, Any]] = field(default_factory=list)
    connected_at: list[datetime] = field(default_factory=list)

    def follow(self) -> None:
        """Read until the job has ended, however often the connection breaks."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.events or self.events[-1]["kind"] not in TERMINAL:
            assert time.monotonic() < deadline, f"{self.events}\n{self.service.log()}"
            with suppress(httpx2.TransportError):
                self.read_on()

    def read_on(self) -> None:
        last = self.events[-1]["number"] if self.events else 0
        headers = {"Last-Event-ID": str(last)}
        path = f"/jobs/{self.job_id}/events"
        with self.service.client.stream("GET", path, headers=headers) as stream:
            self.service.answers[stream.status_code] += 1
            self.connected_at.append(now())
            for _number, data in numbered(stream.iter_lines()):
                self.events.append(json.loads(data))


def restart_api_under_follower(scene: Scene) -> float | None:
    """SIGKILL or SIGTERM of the API while a client follows the job's events."""
    follower = Follower(scene.service, scene.job_id)
    with ThreadPoolExecutor(1) as background:
        following = background.submit(follower.follow)
        scene.wait_for_moment(latest=0.7)
        victim = processes.api(scene.service.data_dir)
        struck_at = now()
        scene.random.choice((victim.kill, victim.terminate))()
        following.result()
    events = read_events(scene.service, scene.job_id)
    assert follower.events == events
    again = [at for at in follower.connected_at if at > struck_at]
    return (again[0] - struck_at).total_seconds() if again else None
