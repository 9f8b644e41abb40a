"""A wall clock of its own for a process and its children, shifted while they run.

A few lines of C, preloaded, add an offset from a file to what the kernel says; the
monotonic clock stays right, as it does when a machine's time is set. (Debian's faketime
shifts sleeps too, which then fail.)
"""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static int64_t *offset;
static int (*kernel)(clockid_t, struct timespec *);

__attribute__((constructor)) static void map_offset(void) {
    int file = open(getenv("CLOCK_OFFSET_FILE"), O_RDONLY);
    offset = mmap(0, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    kernel = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
}

int clock_gettime(clockid_t clock, struct timespec *moment) {
    int failed = kernel(clock, moment);
    if (!failed && clock == CLOCK_REALTIME) moment->tv_sec += *offset;
    return failed;
}
"""


def has_compiler() -> bool:
    return shutil.which("cc") is not None


def clock_of_its_own(data_dir: Path) -> dict[str, str]:
    """Return the environment under which shift_clock moves a process's clock."""
    source, library = data_dir / "clock.c", data_dir / "clock.so"
    source.write_text(SOURCE)
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    shift_clock(data_dir, 0)
    offset = data_dir / "clock.offset"
    return {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(offset)}


def shift_clock(data_dir: Path, seconds: int) -> None:
    offset = data_dir / "clock.offset"
    if not offset.exists():
        offset.write_bytes(bytes(8))
    with offset.open("r+b") as file:
        file.write(struct.pack("@q", seconds))
