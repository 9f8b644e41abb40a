"""A worker whose clock jumps by an hour, as after a wrong time server."""

from tests.live.clock import shift_clock
from tests.live.faults.scene import Scene, now

HOUR = 3600


def jump_clock(scene: Scene) -> float | None:
    """One worker's clock is an hour ahead or behind until all jobs have ended."""
    scene.wait_for_moment()
    waiting = scene.submit()
    struck_at = now()
    shift_clock(scene.service.data_dir, scene.random.choice((HOUR, -HOUR)))
    try:
        scene.service.wait_for_end(scene.job_id)
        scene.service.wait_for_end(waiting)
    finally:
        shift_clock(scene.service.data_dir, 0)
    return scene.recovery(struck_at)
