"""A worker told to stop, and a worker that hangs for longer than its lease."""

from contextlib import closing, suppress
from datetime import datetime
from itertools import pairwise
from typing import Any

import psutil

from app.database.sqlite import sqlite_driver
from tests.live import processes
from tests.live.faults.kills import celery_mains
from tests.live.faults.scene import Scene, now
from tests.live.history import JobHistory, read_history
from tests.live.service import LiveService

LEAVING_SECONDS = 10.0  # the supervisor's patience with a fenced child, and load


def terminate_worker(scene: Scene) -> float | None:
    """SIGTERM of Celery: the job goes on from the very step, and no crash counts."""
    scene.wait_for_moment()
    struck_at = now()
    for main in celery_mains(scene):
        with suppress(psutil.NoSuchProcess):
            main.terminate()
    return orderly_recovery(scene, struck_at)


def stop_service(scene: Scene) -> float | None:
    """Ctrl-C, which ends with status 0, and another start: likewise."""
    scene.wait_for_moment()
    family = scene.service.processes()
    struck_at = now()
    assert scene.service.stop() == 0, scene.service.log()
    left = processes.survivors(family)
    assert not left, f"outlived the service: {left}"
    scene.service.start()
    return orderly_recovery(scene, struck_at)


def orderly_recovery(scene: Scene, struck_at: datetime) -> float | None:
    recovery = scene.recovery(struck_at)
    history = read_history(scene.service, scene.job_id)
    assert_no_crash(history)
    assert_goes_on_from_the_step(history)
    return recovery


def assert_no_crash(history: JobHistory) -> None:
    reasons = [e["data"]["reason"] for e in history.events if e["kind"] == "requeued"]
    assert set(reasons) <= {"released"}, history.story()


def assert_goes_on_from_the_step(history: JobHistory) -> None:
    """After each `saved at epoch 2, step 5` comes `training from epoch 2, step 5`."""
    said = [row["message"] for row in history.log]
    places = [
        words for words in said if words.startswith(("saved at", "training from"))
    ]
    for place, following in pairwise(places):
        if place.startswith("saved at"):
            wanted = place.replace("saved at", "training from")
            assert following == wanted, history.story()


def hang_worker(scene: Scene) -> float | None:
    """SIGSTOP of the worker that has the job, until another took it; then SIGCONT."""
    scene.wait_for_progress(scene.random.uniform(0, 0.8))
    family, struck_at = suspend_holder(scene)
    trained = [p for p in family if processes.says(p, "worker.runner")][:1]
    before = attempt_of(scene.service.job(scene.job_id))
    try:
        scene.service.wait_for(
            scene.job_id, lambda job: job["is_terminal"] or attempt_of(job) > before
        )
        scene.pause(1.0)
    finally:
        processes.resume([process.pid for process in family])
    left = processes.survivors(trained, LEAVING_SECONDS)
    assert not left, f"trains on for an attempt that is over: {left}"
    return scene.recovery(struck_at)


def suspend_holder(scene: Scene) -> tuple[list[psutil.Process], datetime]:
    """Stop the family of the job's worker, but not inside a transaction.

    There it would hold the write lock: that is another fault, lock_database. Nor after
    the job's end, when what is left of the family waits for another one.
    """
    while True:
        scene.pause(0.3)
        family = holder_family(scene)
        struck_at = now()
        processes.suspend([process.pid for process in family])
        if not family or (is_writable(scene.service) and still_runs(scene)):
            return family, struck_at
        processes.resume([process.pid for process in family])


def still_runs(scene: Scene) -> bool:
    return not scene.service.job(scene.job_id)["is_terminal"]


def holder_family(scene: Scene) -> list[psutil.Process]:
    """The processes of the worker that has the job, oldest first; none if it ended."""
    job = scene.service.job(scene.job_id)
    holders = [change["worker_id"] for change in job["history"] if change["worker_id"]]
    pool_id = int(holders[-1].split(":")[1])
    for pool in processes.pools(scene.service.data_dir):
        if pool.pid == pool_id and not job["is_terminal"]:
            family = processes.family_of(processes.parent_of(pool))
            return sorted(family, key=lambda process: process.create_time())
    return []


def is_writable(service: LiveService) -> bool:
    driver = sqlite_driver()
    path = str(service.data_dir / "modelmill.sqlite3")
    with closing(driver.connect(path, timeout=0.3, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except driver.OperationalError:
            return False
        return True


def attempt_of(job: dict[str, Any]) -> int:
    attempt: int = job["attempt"]
    return attempt
