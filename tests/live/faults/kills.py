"""SIGKILL of each process of the service, and of all at once."""

import signal
from concurrent.futures import ThreadPoolExecutor

import psutil

from tests.live import processes
from tests.live.faults.scene import Scene, now


def kill_child(scene: Scene) -> float | None:
    """Of the training child; before the job starts, of the spare."""
    scene.wait_for_moment()
    struck_at = now()
    processes.kill(processes.runners(scene.service.data_dir)[:1])
    return scene.recovery(struck_at)


def kill_pool_child(scene: Scene) -> float | None:
    """Of the child of Celery's pool, which supervises the training."""
    scene.wait_for_moment()
    return kill_above_child(scene, processes.pools(scene.service.data_dir))


def kill_celery(scene: Scene) -> float | None:
    """Of Celery's main process."""
    scene.wait_for_moment()
    return kill_above_child(scene, celery_mains(scene))


def kill_worker_family(scene: Scene) -> float | None:
    """Of a worker's main process, pool, training child and spare."""
    scene.wait_for_moment()
    family = [p for main in celery_mains(scene) for p in processes.family_of(main)]
    return kill_above_child(scene, family)


def kill_everything(scene: Scene) -> float | None:
    """Of `modelmill serve`; every process goes with it, and it is started again."""
    scene.wait_for_moment()
    family = scene.service.processes()
    struck_at = now()
    scene.service.stop(signal.SIGKILL)
    left = processes.survivors(family)
    assert not left, f"outlived the service: {left}"
    scene.service.start()
    return scene.recovery(struck_at)


def kill_api_during_submit(scene: Scene) -> float | None:
    """Of the API while clients submit, who ask again until they have their 201."""
    scene.wait_for_moment()
    victim = processes.api(scene.service.data_dir)
    with ThreadPoolExecutor(max_workers=2) as clients:
        answers = [clients.submit(scene.submit) for _client in range(2)]
        scene.pause(0.05)
        struck_at = now()
        processes.kill([victim])
        for answer in answers:
            answer.result()
    return (now() - struck_at).total_seconds()


def celery_mains(scene: Scene) -> list[psutil.Process]:
    return [processes.parent_of(p) for p in processes.pools(scene.service.data_dir)]


def kill_above_child(scene: Scene, victims: list[psutil.Process]) -> float | None:
    """Kill a worker's processes; the training child must not outlive them."""
    children = processes.runners(scene.service.data_dir)
    struck_at = now()
    processes.kill(victims)
    left = processes.survivors(children)
    assert not left, f"outlived their worker: {left}"
    return scene.recovery(struck_at)
