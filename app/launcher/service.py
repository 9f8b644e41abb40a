"""One process of the service: started on a leash, restarted if it dies, stopped."""

import logging
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import ServiceRefused
from app.leash import leashed

logger = logging.getLogger(__name__)

STEADY_SECONDS = 10.0
MOST_QUICK_DEATHS = 3


@dataclass
class Service:
    """A command that should be running, and the process that runs it now."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    grace_seconds: float
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the launcher alone, which then stops
        # the services in order.
        self.process = subprocess.Popen(
            leashed(self.command), env=self.environment, start_new_session=True
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start the process again if it has died.

        Raises:
            ServiceRefused: It died at once several times in a row.
        """
        if self.is_running():
            return
        lived = time.monotonic() - self.started_at
        self.quick_deaths = 0 if lived > STEADY_SECONDS else self.quick_deaths + 1
        if self.quick_deaths >= MOST_QUICK_DEATHS:
            raise ServiceRefused(f"The {self.name} process keeps dying; see its log.")
        logger.warning("the %s process died after %.1f s; restarting", self.name, lived)
        self.start()

    def stop(self) -> None:
        """Ask the process to end, and make it end when its grace is over."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.grace_seconds)
        except subprocess.TimeoutExpired:
            logger.warning("the %s process did not stop in time; killed", self.name)
            self.process.kill()
            self.process.wait()
