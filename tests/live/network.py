"""Four machines on a switch, each a network namespace, with cables that can be cut.

Nothing of it is on this machine's own network: the switch is a namespace too.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

MISSING = "needs root and iproute2, to make network namespaces"
SWITCH = "switch"
HOSTS = ("api", "data", "a", "b")


def can_make_namespaces() -> bool:
    """Say whether this process may; a container's root, for one, may not."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"modelmill-try-{uuid4().hex[:8]}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True)
    if tried.returncode == 0:
        ip("netns", "delete", name)
    return tried.returncode == 0


def ip(*arguments: str) -> str:
    run = subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
    return run.stdout


class Network:
    """Hosts by name, each with one cable to the switch."""

    def __init__(self) -> None:
        self._tag = uuid4().hex[:6]

    def namespace(self, host: str) -> str:
        return f"modelmill-{self._tag}-{host}"

    def address(self, host: str) -> str:
        return f"10.77.0.{HOSTS.index(host) + 1}"

    def build(self) -> None:
        for host in (SWITCH, *HOSTS):
            ip("netns", "add", self.namespace(host))
        switch = self.namespace(SWITCH)
        ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        ip("-n", switch, "link", "set", "bridge", "up")
        for host in HOSTS:
            self._plug(host)

    def _plug(self, host: str) -> None:
        """Lay the cable from `eth0` in the host to its port in the switch."""
        switch, namespace = self.namespace(SWITCH), self.namespace(host)
        peer = ("peer", "name", "eth0", "netns", namespace)
        ip("-n", switch, "link", "add", f"to-{host}", "type", "veth", *peer)
        ip("-n", switch, "link", "set", f"to-{host}", "master", "bridge", "up")
        ip("-n", namespace, "address", "add", f"{self.address(host)}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", namespace, "link", "set", device, "up")

    def cut(self, host: str) -> None:
        """Take the cable out at the switch: the host itself notices nothing."""
        ip("-n", self.namespace(SWITCH), "link", "set", f"to-{host}", "nomaster")

    def mend(self, host: str) -> None:
        switch = self.namespace(SWITCH)
        ip("-n", switch, "link", "set", f"to-{host}", "master", "bridge")

    def on(self, host: str, command: list[str]) -> list[str]:
        """Return the command line that runs a command on a host."""
        return ["ip", "netns", "exec", self.namespace(host), *command]

    def process_ids(self, host: str) -> set[int]:
        return {int(line) for line in ip("netns", "pids", self.namespace(host)).split()}

    def remove(self) -> None:
        for host in (*HOSTS, SWITCH):
            name = self.namespace(host)
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


@contextmanager
def four_hosts() -> Iterator[Network]:
    network = Network()
    try:
        network.build()
        yield network
    finally:
        network.remove()


def own_directory(parent: Path, host: str, datasets: Path) -> Path:
    """Return a data directory that only this host uses, with the datasets in it."""
    directory = parent / host
    directory.mkdir()
    shutil.copytree(datasets, directory / "datasets")
    return directory
