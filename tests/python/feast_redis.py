"""Writes features with Feast, or reads with Feast what others wrote, in a real Redis.

    python feast_redis.py write FOLDER HOST:PORT ROWS_JSON
    python feast_redis.py read FOLDER HOST:PORT IDS_JSON

Runs in an environment with requirements-feast.txt.
"""

import datetime
import json
import pathlib
import sys

import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Bool, Float64, Int64, String

COLUMNS = ["payments", "mean_payment", "channel", "late"]


def main() -> None:
    verb, folder, redis, given = sys.argv[1:]
    path = pathlib.Path(folder)
    (path / "feature_store.yaml").write_text(
        "project: shop\nregistry: registry.db\nprovider: local\n"
        f"online_store:\n  type: redis\n  connection_string: {redis}\n"
        "offline_store:\n  type: file\nentity_key_serialization_version: 3\n"
        "telemetry: false\n"
    )
    frame = pd.DataFrame(json.loads(given)) if verb == "write" else pd.DataFrame(
        [{"customer": "x", "payments": 1, "mean_payment": 1.0, "channel": "x", "late": True,
          "event_timestamp": 0}])
    frame["event_timestamp"] = pd.to_datetime(frame["event_timestamp"], unit="ms", utc=True)
    frame.to_parquet(path / "rows.parquet")
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.STRING)
    view = FeatureView(
        name="spending", entities=[customer], ttl=datetime.timedelta(days=36500),
        schema=[Field(name="customer", dtype=String), Field(name="payments", dtype=Int64),
                Field(name="mean_payment", dtype=Float64), Field(name="channel", dtype=String),
                Field(name="late", dtype=Bool)],
        source=FileSource(path=str(path / "rows.parquet"), timestamp_field="event_timestamp"),
    )
    store = FeatureStore(repo_path=folder)
    store.apply([customer, view])
    if verb == "write":
        store.write_to_online_store("spending", frame)
        return
    ids = json.loads(given)
    answer = store.get_online_features(
        features=[f"spending:{name}" for name in COLUMNS],
        entity_rows=[{"customer": one} for one in ids],
    ).to_dict()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
