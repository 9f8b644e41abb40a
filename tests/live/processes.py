"""The processes of a service, found by the data directory in their environment."""

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

PATIENCE_SECONDS = 15.0


def processes_on(data_dir: Path) -> list[psutil.Process]:
    """Every living process of any service on a data directory, oldest first."""
    found: list[tuple[float, psutil.Process]] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if is_on(process, data_dir):
                found.append((process.create_time(), process))
    return [process for _born, process in sorted(found, key=lambda pair: pair[0])]


def is_on(process: psutil.Process, data_dir: Path) -> bool:
    # Redis writes its title over its environment; the title names its socket.
    if says(process, str(data_dir / "redis.sock")):
        return True
    return process.environ().get("MODELMILL_DATA_DIR") == str(data_dir)


def family_of(process: psutil.Process) -> list[psutil.Process]:
    """A process and everything below it."""
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def says(process: psutil.Process, *words: str) -> bool:
    """Say whether a process's command line has all the words."""
    with suppress(psutil.Error):
        return all(word in " ".join(process.cmdline()) for word in words)
    return False


def broker(data_dir: Path) -> psutil.Process:
    return newest(data_dir, lambda process: says(process, "redis.sock"))


def api(data_dir: Path) -> psutil.Process:
    return newest(data_dir, lambda process: says(process, "uvicorn"))


def newest(
    data_dir: Path, is_wanted: Callable[[psutil.Process], bool]
) -> psutil.Process:
    return [process for process in processes_on(data_dir) if is_wanted(process)][-1]


def pools(data_dir: Path) -> list[psutil.Process]:
    """The pool children of all workers: each supervises one job at a time."""
    return [
        process
        for process in processes_on(data_dir)
        if says(process, "celery") and says(parent_of(process), "celery")
    ]


def parent_of(process: psutil.Process) -> psutil.Process:
    """A process's parent; itself if that cannot be known any more."""
    with suppress(psutil.NoSuchProcess):
        return process.parent() or process
    return process


def runners(data_dir: Path) -> list[psutil.Process]:
    """Training children and spares, oldest first: the one that trains, then spares."""
    return [p for p in processes_on(data_dir) if says(p, "worker.runner")]


def kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def survivors(
    processes: list[psutil.Process], seconds: float = PATIENCE_SECONDS
) -> list[psutil.Process]:
    """Wait for processes to end; return those that do not."""
    _gone, alive = psutil.wait_procs(processes, timeout=seconds)
    return [process for process in alive if is_alive(process)]


def suspend(process_ids: list[int]) -> None:
    for process_id in process_ids:
        os.kill(process_id, signal.SIGSTOP)


def resume(process_ids: list[int]) -> None:
    for process_id in process_ids:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGCONT)
