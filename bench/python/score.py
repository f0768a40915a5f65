"""Batch scoring as it is done in Python: Parquet read by batches, scored in ONNX Runtime, written.

`file` feeds the model's own file, which has its preprocessing in it; `sklearn` prepares the columns
with scikit-learn and scores as many trees of the same size, which scikit-learn grew, in ONNX Runtime.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from side import FamilyMemory, answer, arguments, measured

BATCH = 65_536

told = arguments()
folder = Path(told["folder"])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = told["threads"]


def session(model):
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def of_file():
    pointer = json.loads((folder / "models/latest_credit-risk.json").read_text())
    model = session(str(folder / "models" / pointer["model_path"]))
    inputs = [(one.name, one.type) for one in model.get_inputs()]
    outputs = ["label", "probability_1"]

    def score(batch):
        fed = {}
        for name, kind in inputs:
            column = batch.column(name)
            if kind == "tensor(string)":
                fed[name] = column.cast(pa.string()).fill_null("").to_numpy(zero_copy_only=False).astype(object)
            else:
                fed[name] = column.cast(pa.float32()).to_numpy(zero_copy_only=False)
        return model.run(outputs, fed)

    return score


def of_sklearn():
    import pyarrow.csv
    from skl2onnx import to_onnx
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    loans = pyarrow.csv.read_csv(folder / "loans.csv").to_pandas()
    target = loans.pop("loan_status")
    texts = ["person_home_ownership", "loan_intent", "cb_person_default_on_file"]
    numbers = [name for name in loans if name not in [*texts, "loan_grade"]]
    prepare = make_column_transformer(
        (OneHotEncoder(sparse_output=False, handle_unknown="ignore"), texts),
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["loan_grade"]),
        (SimpleImputer(strategy="median"), numbers),
    )
    X = prepare.fit_transform(loans).astype(np.float32)
    trees = GradientBoostingClassifier(
        n_estimators=100, learning_rate=0.05, max_depth=7, max_leaf_nodes=31, random_state=0
    ).fit(X, target)
    onnx = to_onnx(trees, X[:1], options={"zipmap": False})
    model = session(onnx.SerializeToString())

    def score(batch):
        X = prepare.transform(batch.to_pandas()).astype(np.float32)
        labels, probabilities = model.run(None, {"X": X})
        return labels, probabilities[:, 1]

    return score


score = {"file": of_file, "sklearn": of_sklearn}[told["way"]]()
memory = FamilyMemory()


def work():
    total, rows, writer = 0.0, 0, None
    data = pyarrow.dataset.dataset(folder / "loans", format="parquet")
    for batch in data.to_batches(batch_size=BATCH):
        if batch.num_rows == 0:
            continue
        labels, positive = score(batch)
        total += float(np.sum(positive, dtype=np.float64))
        rows += batch.num_rows
        scored = pa.table({"prediction": pa.array(labels), "probability_1": pa.array(positive)})
        if writer is None:
            writer = pyarrow.parquet.ParquetWriter(
                folder / "scored.parquet", scored.schema, compression="zstd"
            )
        writer.write_table(scored)
    writer.close()
    return total / rows


seconds, megabytes, mean = measured(work, lambda: memory.peak)
answer(seconds, megabytes, mean)
