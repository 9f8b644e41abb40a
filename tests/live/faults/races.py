"""Cancel, stop and pause in the moment when a job finishes anyway."""

from tests.live.faults.scene import Scene

GRANTED, REFUSED = 202, 409


def race_cancel(scene: Scene) -> None:
    """Who was told that the job is cancelled finds it cancelled."""
    for job_id in racers(scene):
        answer = act_near_the_end(scene, job_id, "cancel")
        job = scene.service.wait_for_end(job_id)
        ending = "cancelled" if answer == GRANTED else "succeeded"
        assert job["status"] == ending, (answer, job)


def race_stop(scene: Scene) -> None:
    """Who was told that the job stops finds that it was stopped."""
    for job_id in racers(scene):
        answer = act_near_the_end(scene, job_id, "stop")
        job = scene.service.wait_for_end(job_id)
        reason = "stopped_by_user" if answer == GRANTED else "completed"
        assert (job["status"], job["stop_reason"]) == ("succeeded", reason), job


def race_pause(scene: Scene) -> None:
    """A job that was paused and resumed, or not any more, ends like any other."""
    for job_id in racers(scene):
        act_near_the_end(scene, job_id, "pause")
        job = scene.service.wait_for(
            job_id, lambda job: job["is_terminal"] or job["status"] == "paused"
        )
        if job["status"] == "paused":
            answer = scene.service.post(f"/jobs/{job_id}/resume")
            assert answer.status_code == GRANTED, answer.text
        job = scene.service.wait_for_end(job_id)
        assert (job["status"], job["stop_reason"]) == ("succeeded", "completed"), job


def racers(scene: Scene) -> list[str]:
    return [scene.job_id, *(scene.submit() for _n in range(scene.pace.racers - 1))]


def act_near_the_end(scene: Scene, job_id: str, action: str) -> int:
    """Ask at a random moment around the job's last step; return the answer's code."""
    scene.of(job_id).wait_for_progress(scene.random.uniform(0.6, 1.0))
    scene.pause(1.0)
    answer = scene.service.post(f"/jobs/{job_id}/{action}")
    assert answer.status_code in {GRANTED, REFUSED}, answer.text
    return answer.status_code
