"""Every name on the page of metrics, and where its number comes from."""

from collections.abc import Iterator

from app.jobs import Gauges
from app.metrics.page import Family, Labels, single
from app.metrics.requests import BOUNDS, Rows
from app.metrics.snapshots import PredictorCounts, Snapshot


def process_families(total: Snapshot) -> Iterator[Family]:
    """Name what the api processes have counted, all together."""
    yield Family(
        "modelmill_http_requests_total",
        "counter",
        "Requests answered, by route template and class of status.",
        (
            ("", kind._asdict(), sum(row[:-1]))
            for kind, row in sorted(total.requests.items())
        ),
    )
    yield Family(
        "modelmill_http_request_duration_seconds",
        "histogram",
        "Seconds from a request to the beginning of its answer.",
        histogram(total.requests),
    )
    yield from predictor_families(total.predictor)


def histogram(rows: Rows) -> Iterator[tuple[str, Labels, float]]:
    for kind, row in sorted(rows.items()):
        labels, counted = kind._asdict(), 0.0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), row, strict=False):
            counted += count
            yield "_bucket", {**labels, "le": bound}, counted
        yield "_sum", labels, row[-1]
        yield "_count", labels, counted


def predictor_families(predictor: PredictorCounts) -> Iterator[Family]:
    for name, meaning, number in (
        ("entries", "Checkpoints kept in memory.", predictor.entries),
        ("bytes", "Bytes of the checkpoints kept in memory.", predictor.size_bytes),
    ):
        full_name = f"modelmill_predictor_cache_{name}"
        yield Family(full_name, "gauge", meaning, single(number))
    for name, meaning, number in (
        ("hits", "Requests whose checkpoint was in memory.", predictor.hits),
        ("misses", "Requests whose checkpoint had to be read.", predictor.misses),
    ):
        full_name = f"modelmill_predictor_cache_{name}_total"
        yield Family(full_name, "counter", meaning, single(number))


def shared_families(gauges: Gauges) -> Iterator[Family]:
    """Name what the database says, which is the same from any process."""
    jobs = [("", {"status": str(key)}, float(n)) for key, n in gauges.jobs.items()]
    yield Family("modelmill_jobs", "gauge", "Jobs, by status.", jobs)
    for name, meaning, number in (
        ("queue_depth", "Jobs that wait for a worker.", gauges.waiting),
        (
            "queue_oldest_seconds",
            "Age of the oldest job that waits; 0 if none does.",
            gauges.oldest_waiting_seconds,
        ),
        ("epochs", "Epochs that the stored jobs have finished.", gauges.epochs),
        (
            "training_images_per_second",
            "Images a second that running jobs learn from, all together.",
            gauges.images_per_second,
        ),
        ("workers", "Workers that have shown themselves lately.", gauges.workers),
        ("database_bytes", "Size of the database.", gauges.database_bytes),
    ):
        yield Family(f"modelmill_{name}", "gauge", meaning, single(number))
    yield from gpu_families(gauges)


def gpu_families(gauges: Gauges) -> Iterator[Family]:
    for name, meaning, place in (
        ("used", "GPU memory in use, by anybody, by worker.", 0),
        ("total", "GPU memory, by worker.", 1),
    ):
        yield Family(
            f"modelmill_gpu_memory_{name}_bytes",
            "gauge",
            meaning,
            [
                ("", {"worker": worker}, float(memory[place]))
                for worker, memory in gauges.gpu_memory.items()
            ],
        )
