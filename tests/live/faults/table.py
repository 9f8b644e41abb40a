"""Every fault by its name, with where it can happen and what it may cost."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.live.clock import has_compiler
from tests.live.faults.broker import freeze_redis, kill_redis, wipe_redis
from tests.live.faults.clock import jump_clock
from tests.live.faults.delivery import deliver_five_times, restart_api_under_follower
from tests.live.faults.kills import (
    kill_api_during_submit,
    kill_celery,
    kill_child,
    kill_everything,
    kill_pool_child,
    kill_worker_family,
)
from tests.live.faults.races import race_cancel, race_pause, race_stop
from tests.live.faults.scene import Act
from tests.live.faults.stops import hang_worker, stop_service, terminate_worker
from tests.live.faults.storage import FAILED_FULL, fill_disk, lock_database
from tests.live.stage import Setting, can_mount

NO_COMPILER = "needs a C compiler for a clock of its own"
NO_MOUNT = "needs to mount a small tmpfs, which only root may"


def nothing_missing() -> str | None:
    return None


@dataclass(frozen=True)
class Fault:
    """One way to break a service, and the reason if this machine cannot."""

    act: Act
    setting: Setting = Setting.ALONE
    loses_worker: bool = False
    may_fail_with: frozenset[str] = frozenset()
    missing: Callable[[], str | None] = nothing_missing

    @property
    def name(self) -> str:
        return self.act.__name__


FAULTS = (
    Fault(kill_child, loses_worker=True),
    Fault(kill_redis),
    Fault(kill_pool_child, loses_worker=True),
    Fault(race_cancel),
    Fault(kill_celery, loses_worker=True),
    Fault(restart_api_under_follower),
    Fault(lock_database),
    Fault(kill_worker_family, loses_worker=True),
    Fault(wipe_redis),
    Fault(race_stop),
    Fault(kill_api_during_submit),
    Fault(terminate_worker),
    Fault(freeze_redis),
    Fault(race_pause),
    Fault(stop_service),
    Fault(kill_everything),
    Fault(hang_worker, Setting.CROWD, loses_worker=True),
    Fault(deliver_five_times, Setting.CROWD),
    Fault(
        jump_clock,
        Setting.CROWD,
        missing=lambda: None if has_compiler() else NO_COMPILER,
    ),
    Fault(
        fill_disk,
        Setting.SMALL_DISK,
        may_fail_with=FAILED_FULL,
        missing=lambda: None if can_mount() else NO_MOUNT,
    ),
)
