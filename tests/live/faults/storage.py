"""The database locked by another process, and its disk full."""

import time
from pathlib import Path

from app.database.disk import free_bytes
from app.database.engine import open_database, write_session
from tests.live.faults.scene import Scene, now

MEBIBYTE = 1024 * 1024
FAILED_FULL = frozenset({"disk_full"})


def lock_database(scene: Scene) -> float | None:
    """Another process holds the write lock for seconds."""
    scene.wait_for_moment()
    engine = open_database(f"sqlite:///{scene.service.data_dir / 'modelmill.sqlite3'}")
    with write_session(engine) as session:
        session.connection()
        time.sleep(scene.pace.lock_seconds)
    engine.dispose()
    return scene.recovery(now())


def fill_disk(scene: Scene) -> float | None:
    """Not a byte is free for a while; afterwards a job trains as ever."""
    scene.wait_for_progress(scene.random.uniform(0, 0.9))
    filler = scene.service.data_dir / "filler"
    fill(filler)
    time.sleep(scene.random.uniform(0.5, 3))
    filler.unlink()
    freed_at = now()
    if scene.service.wait_for_end(scene.job_id)["status"] != "failed":
        return scene.recovery(freed_at)
    answer = scene.service.post(f"/jobs/{scene.job_id}/retry", json={})
    assert answer.status_code == 201, answer.text
    retried: str = answer.json()["id"]
    scene.service.accepted.append(retried)
    return scene.of(retried).recovery(now())


def fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        while free_bytes(filler.parent) > 0:
            try:
                file.write(bytes(min(MEBIBYTE, free_bytes(filler.parent))))
            except OSError:
                return
