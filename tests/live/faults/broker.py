"""Redis killed, killed with all that it stored, and hanging."""

import shutil
import time
from datetime import datetime

from tests.live import processes
from tests.live.faults.scene import Scene, now
from tests.live.history import read_events, when


def kill_redis(scene: Scene) -> float | None:
    """SIGKILL; the launcher starts it again."""
    scene.wait_for_moment()
    struck_at = now()
    processes.kill([processes.broker(scene.service.data_dir)])
    return idle_time(scene, scene.submit(), struck_at)


def wipe_redis(scene: Scene) -> float | None:
    """SIGKILL, and its data directory is empty when it starts again."""
    scene.wait_for_moment()
    waiting = scene.submit()
    launcher = scene.service.process
    struck_at = now()
    processes.suspend([launcher.pid])  # or Redis would be back before the wipe
    processes.kill([processes.broker(scene.service.data_dir)])
    shutil.rmtree(scene.service.data_dir / "redis")
    (scene.service.data_dir / "redis").mkdir()
    processes.resume([launcher.pid])
    return idle_time(scene, waiting, struck_at)


def freeze_redis(scene: Scene) -> float | None:
    """SIGSTOP for a while: connections stand, and nothing answers."""
    scene.wait_for_moment()
    broker = processes.broker(scene.service.data_dir)
    until = time.monotonic() + scene.pace.broker_away_seconds
    processes.suspend([broker.pid])
    waiting = scene.submit()
    time.sleep(max(until - time.monotonic(), 0))
    processes.resume([broker.pid])
    return idle_time(scene, waiting, now())


def idle_time(scene: Scene, waiting: str, since: datetime) -> float:
    """How long the worker idled though a job waited, from a moment on."""
    busy_until = scene.service.wait_for_end(scene.job_id)["finished_at"]
    scene.service.wait_for_end(waiting)
    events = read_events(scene.service, waiting)
    started = next(when(event) for event in events if event["kind"] == "running")
    free = max(since, datetime.fromisoformat(busy_until), when(events[0]))
    return max((started - free).total_seconds(), 0)
