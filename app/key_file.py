"""The first key, left on the machine of the first start for its commands."""

import os
from pathlib import Path

FILE_NAME = "admin.key"


def write_key_file(data_dir: Path, key: str) -> Path:
    """Leave a key for the owner of the data directory, and for nobody else."""
    path = data_dir / FILE_NAME
    data_dir.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with os.fdopen(os.open(path, flags, 0o600), "w") as file:
        file.write(f"{key}\n")
    return path


def read_key_file(data_dir: Path) -> str | None:
    """Return the key that the first start on this machine left; None without one."""
    try:
        return (data_dir / FILE_NAME).read_text().strip() or None
    except OSError:
        return None
