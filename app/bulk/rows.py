"""What came of one picture of a zip, as a line: NDJSON as stored, CSV on request."""

import csv
import json
import zlib
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from app.errors import ModelmillError, error_code
from app.vision.doubt import doubt
from app.vision.prediction import Prediction
from app.vision.reading import Reading

COLUMNS = ("file", "label", "confidence", "known", "reason", "error", "message")
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FASTEST = 1


def row_of(name: str, reading: Reading, prediction: Prediction) -> dict[str, Any]:
    reason = doubt(reading, prediction)
    return {
        "file": name,
        "label": prediction.label,
        "confidence": prediction.confidence,
        "known": reason is None,
        "reason": reason,
        "score": prediction.score,
        "threshold": prediction.threshold,
        "probabilities": prediction.probabilities,
    }


def refused_row(name: str, refusal: ModelmillError) -> dict[str, Any]:
    code = error_code(type(refusal))
    return {"file": name, "error": {"code": code, "message": str(refusal)}}


def packed(rows: Iterable[dict[str, Any]]) -> bytes:
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    return zlib.compress(lines.encode(), FASTEST)


def as_ndjson(parts: Iterable[bytes]) -> Iterator[bytes]:
    return map(zlib.decompress, parts)


def as_csv(parts: Iterable[bytes]) -> Iterator[bytes]:
    yield csv_lines([dict(zip(COLUMNS, COLUMNS, strict=True))])
    for part in as_ndjson(parts):
        yield csv_lines(flat(json.loads(line)) for line in part.splitlines())


def flat(row: dict[str, Any]) -> dict[str, Any]:
    error = row.pop("error", {})
    name: str = row["file"]
    return {
        **row,
        "file": f"'{name}" if name.startswith(FORMULA) else name,
        "error": error.get("code"),
        "message": error.get("message"),
    }


def csv_lines(rows: Iterable[dict[str, Any]]) -> bytes:
    text = StringIO()
    csv.DictWriter(text, COLUMNS, extrasaction="ignore").writerows(rows)
    return text.getvalue().encode()
