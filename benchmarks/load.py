"""Load on a server, made by wrk, and what it measured."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EDGE = "edge"
FORM = (
    f"--{EDGE}\r\n"
    'Content-Disposition: form-data; name="image"; filename="seven.png"\r\n'
    "Content-Type: image/png\r\n\r\n"
)
SCRIPT = """
wrk.method = "POST"
local file = io.open("{body}", "rb")
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "multipart/form-data; boundary={edge}"
"""
UNITS: Mapping[str, float] = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
PERCENTILE = re.compile(r"^ +(50|99)% +([\d.]+)(us|ms|s|m)$", re.MULTILINE)
RATE = re.compile(r"^Requests/sec: +([\d.]+)$", re.MULTILINE)
FAULTS = re.compile(r"Non-2xx or 3xx responses|Socket errors")


class LoadFailed(Exception):
    """The server refused, or did not answer, or wrk is not here."""


@dataclass(frozen=True)
class Load:
    """What some seconds of requests came to; times in milliseconds."""

    requests_per_second: float
    median_ms: float
    p99_ms: float


def write_script(folder: Path, picture: bytes) -> Path:
    """Write the upload of a picture in the form that wrk understands."""
    body = folder / "body.bin"
    body.write_bytes(FORM.encode() + picture + f"\r\n--{EDGE}--\r\n".encode())
    script = folder / "upload.lua"
    script.write_text(SCRIPT.format(body=body, edge=EDGE))
    return script


def put_load(url: str, script: Path, connections: int, seconds: int) -> Load:
    """Send uploads for some seconds, each connection one after the other."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise LoadFailed("wrk is not here; on Debian: apt-get install wrk")
    counts = ["-t1", f"-c{connections}", f"-d{seconds}", "--timeout=20s"]
    command = [wrk, *counts, "--latency", "-s", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return read_load(done.stdout + done.stderr)


def read_load(told: str) -> Load:
    """Read what wrk printed.

    Raises:
        LoadFailed: Not every request was answered well.
    """
    rate = RATE.search(told)
    if rate is None or FAULTS.search(told):
        raise LoadFailed(told)
    times = {
        percent: float(number) * UNITS[unit]
        for percent, number, unit in PERCENTILE.findall(told)
    }
    return Load(float(rate[1]), times["50"], times["99"])
