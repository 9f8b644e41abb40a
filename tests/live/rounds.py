"""One round: a fault at a random moment of a job, and the audit of what it left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx2
import psutil

from tests.live.audit import Expected, Finding, Kind, audit, undisturbed
from tests.live.faults.scene import SPEC, Pace, Scene
from tests.live.faults.table import Fault
from tests.live.service import LiveService
from tests.live.stage import Setting, Stage


@dataclass(frozen=True)
class Round:
    """What one round came to; no recovery if nothing was left to do."""

    fault: str
    number: int
    recovery_seconds: float | None
    findings: list[Finding]

    def report(self) -> str:
        words = [f"{finding.kind}: {finding.words}" for finding in self.findings]
        return "\n".join([f"{self.fault}, round {self.number}", *words])


class Theatre:
    """One stage at a time, kept from round to round for as long as it is whole."""

    def __init__(self, root: Path, mnist: Path, seed: int, pace: Pace) -> None:
        self._root = root
        self._mnist = mnist
        self._seed = seed
        self._pace = pace
        self._stage: Stage | None = None
        self._digests: dict[int, str] = {}

    def play(self, fault: Fault, number: int) -> Round:
        """Play one round; a round that finds harm has no part in the next one's."""
        service = self._service(fault.setting)
        # Of its own, so that a single round can be played again.
        random = Random(f"{self._seed} {fault.name} {number}")
        scene = Scene(service, service.submit(**SPEC), random, self._pace)
        expected = Expected(self._digests, fault.may_fail_with)
        recovery: float | None = None
        try:
            recovery = fault.act(scene)
            findings = audit(service, expected)
        except (AssertionError, psutil.Error, httpx2.HTTPError) as broken:
            findings = [Finding(Kind.OTHER, f"{type(broken).__name__}: {broken}")]
        if findings:
            self.close()
        else:
            delete_jobs(service)
        return Round(fault.name, number, recovery, findings)

    def close(self) -> None:
        if self._stage is not None:
            self._stage.close()
            self._stage = None

    def _service(self, setting: Setting) -> LiveService:
        """Return the running service of a setting, after one undisturbed job."""
        if self._stage is not None and self._stage.setting is not setting:
            self.close()
        if self._stage is None:
            self._stage = Stage(setting, self._root, self._mnist)
        service = self._stage.service
        if not self._digests:
            self._digests = undisturbed(service, service.submit(**SPEC))
            delete_jobs(service)
        return service


@contextmanager
def theatre(root: Path, mnist: Path, seed: int, pace: Pace) -> Iterator[Theatre]:
    opened = Theatre(root, mnist, seed, pace)
    try:
        yield opened
    finally:
        opened.close()


def delete_jobs(service: LiveService) -> None:
    """Forget what was audited, so that the next audit starts from nothing."""
    for job in service.get("/jobs", params={"limit": 100}).json()["data"]:
        answer = service.request("DELETE", f"/jobs/{job['id']}")
        assert answer.status_code in {204, 404}, answer.text
    service.accepted.clear()
