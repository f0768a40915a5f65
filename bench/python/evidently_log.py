"""Evidently's drift report of a prediction log against the rows of the training: the log read in
pieces by pandas, which takes less memory than all of it at once, or by PyArrow, which is faster."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

PIECE = 100_000


def by_pandas(path, columns):
    pieces = pd.read_json(path, lines=True, chunksize=PIECE)
    return pd.concat([pd.DataFrame(list(piece["inputs"]), columns=columns) for piece in pieces])


def by_pyarrow(path, columns):
    import pyarrow as pa
    from pyarrow import json

    inputs = json.read_json(path)["inputs"]
    parts = [pa.Table.from_struct_array(chunk) for chunk in inputs.chunks]
    return pa.concat_tables(parts).select(columns).to_pandas()


def main():
    folder, reader = sys.argv[1:]
    reference = pd.read_parquet(f"{folder}/reference.parquet")
    read = {"pandas": by_pandas, "pyarrow": by_pyarrow}[reader]
    path = f"{folder}/log/predictions_20261102T000000_1_0.jsonl"
    current = read(path, list(reference.columns)).reset_index(drop=True)
    Report([DataDriftPreset()]).run(current_data=current, reference_data=reference).json()


main()
