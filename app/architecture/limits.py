"""How large a network may be, checked by arithmetic before anything is built."""

from collections.abc import Callable, Iterator, Sequence

from app.architecture.faults import Fault
from app.architecture.trace import Row

MOST_LAYERS = 200  # those of residual branches included
MOST_PARAMETERS = 16_000_000  # a checkpoint of 64 MB
MOST_MULTIPLY_ADDS = 500_000_000
MOST_WINDOW_READS = 500_000_000
MOST_MEMORY_BYTES = 8 * 2**20

LIMITS: tuple[tuple[str, int, str, Callable[[Row], int]], ...] = (
    ("too_many_layers", MOST_LAYERS, "layers", lambda _row: 1),
    (
        "too_many_parameters",
        MOST_PARAMETERS,
        "parameters",
        lambda row: row.step.parameters,
    ),
    (
        "too_many_multiply_adds",
        MOST_MULTIPLY_ADDS,
        "multiply-adds per image",
        lambda row: row.step.multiply_adds,
    ),
    (
        "too_many_window_reads",
        MOST_WINDOW_READS,
        "numbers read by pooling windows per image",
        lambda row: row.step.window_reads,
    ),
    (
        "too_much_memory",
        MOST_MEMORY_BYTES,
        "bytes of layer outputs per image",
        lambda row: row.memory_bytes,
    ),
)


def excesses(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield each limit that is passed, at the layer with the largest share."""
    for code, most, what, count in LIMITS:
        total = sum(map(count, rows))
        if total > most:
            largest = max(rows, key=count)
            message = (
                f"{total:,} {what}; {most:,} are allowed. "
                f"This layer has {count(largest):,} of them."
            )
            yield Fault(largest.place, code, message)
