"""Writes tests/table/fixtures/parquet_types.json: Parquet files of one column each, as base64.

    .venv/bin/python tests/python/make_parquet_types_fixtures.py
"""

import base64
import io
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIXTURE = Path(__file__).parents[1] / "table" / "fixtures" / "parquet_types.json"
MOMENTS = [datetime(2026, 1, 31, 10), None, datetime(2026, 2, 1)]

# Each column as pandas or polars would give it, null where nothing is there; text for a refusal.
COLUMNS = {
    "decimal(10, 2)": (pa.array([Decimal("1.25"), None, Decimal("-3.10")], pa.decimal128(10, 2)), [1.25, None, -3.1]),
    "decimal(5, 0)": (pa.array([Decimal(7), None, Decimal(3)], pa.decimal128(5, 0)), [7, None, 3]),
    "decimal(38, 2)": (
        pa.array([Decimal("12345678901234567890.50"), None, Decimal("-3.10")], pa.decimal128(38, 2)),
        ["12345678901234567890.50", None, "-3.10"],
    ),
    "float16": (pa.array(np.array([0.5, np.nan, 2], dtype="float16")), [0.5, None, 2]),
    "float32": (pa.array([0.1, None, 2], pa.float32()), [0.1, None, 2]),
    "int8": (pa.array([1, None, -2], pa.int8()), [1, None, -2]),
    "int64 beyond 2^53": (pa.array([2**62, None, 2]), ["4611686018427387904", None, "2"]),
    "uint64 beyond 2^63": (pa.array([2**63 + 5, None, 2], pa.uint64()), ["9223372036854775813", None, "2"]),
    "dictionary of text": (pa.array(["a", None, "b"]).dictionary_encode(), ["a", None, "b"]),
    "dictionary of integers": (pa.array([5, None, 6]).dictionary_encode(), [5, None, 6]),
    "string view": (pa.array(["a", None, "b"], pa.string_view()), ["a", None, "b"]),
    "null": (pa.nulls(3), [None, None, None]),
    "bool": (pa.array([True, None, False]), ["true", None, "false"]),
    "date": (pa.array([date(2026, 1, 31), None, date(2026, 2, 1)]), ["2026-01-31", None, "2026-02-01"]),
    "timestamp us": (pa.array(MOMENTS, pa.timestamp("us")), ["2026-01-31T10:00:00.000Z", None, "2026-02-01T00:00:00.000Z"]),
    "timestamp ns": (pa.array(MOMENTS, pa.timestamp("ns")), ["2026-01-31T10:00:00.000Z", None, "2026-02-01T00:00:00.000Z"]),
    "timestamp with a zone": (
        pa.array(MOMENTS, pa.timestamp("us", tz="America/New_York")),
        ["2026-01-31T10:00:00.000Z", None, "2026-02-01T00:00:00.000Z"],
    ),
    "time s": (pa.array([time(10, 0, 1), None, time(23)], pa.time32("s")), "times of day"),
    "time us": (pa.array([time(10, 0, 1), None, time(23)], pa.time64("us")), "times of day"),
    "duration": (pa.array([timedelta(seconds=5), None, timedelta(1)], pa.duration("us")), "durations"),
    "bytes": (pa.array([b"ab", None, b"c"]), "bytes"),
    "fixed bytes": (pa.array([b"ab", None, b"cd"], pa.binary(2)), "bytes"),
    "list": (pa.array([[1], None, [2, 3]]), "nested values"),
    "struct": (pa.array([{"a": 1}, None, {"a": 2}]), "nested values"),
    "map": (pa.array([[("a", 1)], None, []], pa.map_(pa.string(), pa.int32())), "nested values"),
    "fixed list": (pa.array([[1, 2], None, [2, 3]], pa.list_(pa.int32(), 2)), "nested values"),
    "decimal(50, 2)": (
        pa.array([Decimal("1.25"), None, Decimal("-3.10")], pa.decimal256(50, 2)),
        "a type that cannot be read",
    ),
}


def main():
    cases = []
    for name, (values, expected) in COLUMNS.items():
        buffer = io.BytesIO()
        pq.write_table(pa.table({"column": values}), buffer, store_schema=name.startswith(("dictionary", "duration", "float16")))
        cases.append({"type": name, "parquet": base64.b64encode(buffer.getvalue()).decode(), "expected": expected})
    FIXTURE.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
