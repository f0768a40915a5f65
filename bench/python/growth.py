"""Boosted trees of LightGBM from Parquet files: from one array, or from slices (`Sequence`)."""

from pathlib import Path

import numpy as np
import pyarrow.dataset
import pyarrow.parquet
from side import answer, arguments, measured

told = arguments()
folder = Path(told["folder"])
columns = [f"x{j}" for j in range(50)]


def labels_of(part):
    return pyarrow.dataset.dataset(folder / part).to_table(["label"])["label"].to_numpy()


def matrix_of(part):
    """All rows as Float32, filled batch by batch: the table is not held beside the array."""
    data = pyarrow.dataset.dataset(folder / part)
    X = np.empty((data.count_rows(), len(columns)), np.float32)
    at = 0
    for batch in data.to_batches(columns=columns):
        for j, values in enumerate(batch.columns):
            X[at : at + batch.num_rows, j] = values
        at += batch.num_rows
    return X


def slices_of(part):
    """A sequence for each file, which holds one row group at a time."""
    import lightgbm

    class Slices(lightgbm.Sequence):
        def __init__(self, path):
            self.file = pyarrow.parquet.ParquetFile(path)
            groups = [self.file.metadata.row_group(g).num_rows for g in range(self.file.num_row_groups)]
            self.starts = np.cumsum([0, *groups])
            self.batch_size = max(groups)
            self.held = None

        def __len__(self):
            return int(self.starts[-1])

        def group(self, g):
            if self.held is None or self.held[0] != g:
                table = self.file.read_row_group(g, columns, use_threads=True)
                self.held = (g, np.column_stack([column.to_numpy() for column in table.columns]))
            return self.held[1]

        def __getitem__(self, index):
            if not isinstance(index, slice):
                g = int(np.searchsorted(self.starts, index, "right")) - 1
                return self.group(g)[index - self.starts[g]].astype(np.float64)
            start, stop, _ = index.indices(len(self))
            parts = []
            for g in range(len(self.starts) - 1):
                low, high = max(start, self.starts[g]), min(stop, self.starts[g + 1])
                if low < high:
                    parts.append(self.group(g)[low - self.starts[g] : high - self.starts[g]])
            return np.concatenate(parts).astype(np.float64)

    return [Slices(path) for path in sorted((folder / part).glob("*.parquet"))]


def fit():
    import lightgbm

    data = {"matrix": matrix_of, "slices": slices_of}[told["way"]]("train")
    params = {**told["params"], "objective": "binary", "num_threads": told["threads"]}
    rounds = params.pop("n_estimators")
    train = lightgbm.Dataset(data, labels_of("train"), params={"verbose": -1, **params})
    return lightgbm.train({"verbose": -1, "seed": told["seed"], **params}, train, rounds)


seconds, megabytes, model = measured(fit)

from sklearn.metrics import log_loss

answer(seconds, megabytes, float(log_loss(labels_of("test"), model.predict(matrix_of("test")))))
