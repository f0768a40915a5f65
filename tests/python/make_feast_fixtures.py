"""Writes tests/feature_store/fixtures/feast.json: keys, fields, values and moments as Feast has them.

    python make_feast_fixtures.py

Runs in an environment with requirements-feast.txt.
"""

import json
from pathlib import Path

from feast.infra.online_stores.helpers import _mmh3, _redis_key
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from google.protobuf.timestamp_pb2 import Timestamp

FIXTURE = Path(__file__).parents[1] / "feature_store" / "fixtures" / "feast.json"
TEXTS = ["a", "C 42", "", "é", "名前", "🦕", "a:b", "\n", "x" * 300]
INTEGERS = [0, 1, -1, 127, 128, -128, 2**31, 2**53 - 1, -(2**53 - 1)]
NUMBERS = [0.0, -0.0, 1.5, 0.1, -1e300, 5e-324]
MOMENTS = [0, 1, 999, 1000, 1_700_000_000_000, 1_700_000_000_123]


def key(name: str, value: Value) -> str:
    return _redis_key("shop", EntityKey(join_keys=[name], entity_values=[value]), 3).hex()


def moment(ms: int) -> str:
    stamp = Timestamp()
    stamp.FromMilliseconds(ms)
    return stamp.SerializeToString().hex()


def main() -> None:
    text_keys = [t for t in TEXTS if t != ""]
    FIXTURE.write_text(json.dumps({
        "keys": [
            *({"entity": "customer", "kind": "text", "id": t,
               "key": key("customer", Value(string_val=t))} for t in text_keys),
            *({"entity": "user_id", "kind": "integer", "id": i,
               "key": key("user_id", Value(int64_val=i))} for i in INTEGERS),
        ],
        "fields": [
            {"view": v, "feature": f, "field": _mmh3(f"{v}:{f}").hex()}
            for v in ["spending", "v"] for f in ["total", "a", "größe", "with space", "x" * 50]
        ],
        "values": [
            *({"kind": "text", "value": t, "bytes": Value(string_val=t).SerializeToString().hex()}
              for t in TEXTS),
            *({"kind": "integer", "value": i, "bytes": Value(int64_val=i).SerializeToString().hex()}
              for i in INTEGERS),
            *({"kind": "number", "value": n, "bytes": Value(double_val=n).SerializeToString().hex()}
              for n in NUMBERS),
            *({"kind": "boolean", "value": b, "bytes": Value(bool_val=b).SerializeToString().hex()}
              for b in [False, True]),
            *({"kind": k, "value": None, "bytes": Value().SerializeToString().hex()}
              for k in ["text", "number"]),
        ],
        # What others may have written: read, not written by us.
        "read": [
            {"value": 7, "bytes": Value(int32_val=7).SerializeToString().hex()},
            {"value": -7, "bytes": Value(int32_val=-7).SerializeToString().hex()},
            {"value": 0.5, "bytes": Value(float_val=0.5).SerializeToString().hex()},
        ],
        "moments": [{"ms": ms, "bytes": moment(ms)} for ms in MOMENTS],
    }, indent=1, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
