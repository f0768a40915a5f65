"""Reads a training back with MLflow's own client and predicts with its model.

    .venv/bin/python tests/python/read_training.py TRACKING_URI EXPERIMENT ROWS.json

ROWS.json holds raw columns, null for a missing number. Writes JSON: the parent
run, its children, and the predictions of mlflow.pyfunc and of ONNX Runtime.
"""

import json
import logging
import os
import sys
import warnings

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import pandas as pd  # noqa: E402

logging.disable(logging.WARNING)

uri, experiment_name, rows_path = sys.argv[1:]
mlflow.set_tracking_uri(uri)
client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name(experiment_name)
runs = client.search_runs([experiment.experiment_id], max_results=100)
parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
parent = max(parents, key=lambda run: run.info.start_time)
children = [
    run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id
]


def told(run):
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "params": run.data.params,
        "metrics": run.data.metrics,
    }


frame = pd.DataFrame(json.load(open(rows_path)))
# MLflow casts no whole numbers to doubles, and cannot feed the text columns of pandas 3.
text = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
frame = frame.astype({name: object if name in text else float for name in frame.columns})
model_uri = f"runs:/{parent.info.run_id}/model"
pyfunc = mlflow.pyfunc.load_model(model_uri).predict(frame)

folder = mlflow.artifacts.download_artifacts(model_uri)
session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"))
feeds = {
    name: frame[name].to_numpy(dtype=object if name in text else np.float32)
    for name in frame.columns
}
names = [output.name for output in session.get_outputs()]
runtime = dict(zip(names, session.run(names, feeds)))

first = children[0]
json.dump(
    {
        "parent": told(parent),
        "children": [told(run) for run in children],
        "history": [
            point.value for point in client.get_metric_history(first.info.run_id, "f1_macro")
        ],
        "datasets": [
            {
                "name": entry.dataset.name,
                "digest": entry.dataset.digest,
                "profile": json.loads(entry.dataset.profile),
                "tags": {tag.key: tag.value for tag in entry.tags},
            }
            for entry in parent.inputs.dataset_inputs
        ],
        "artifacts": [entry.path for entry in client.list_artifacts(parent.info.run_id)],
        "signature": [
            column.name for column in mlflow.models.get_model_info(model_uri).signature.inputs
        ],
        "pyfunc": {name: pyfunc[name].tolist() for name in pyfunc.columns},
        "runtime": {name: values.tolist() for name, values in runtime.items()},
    },
    sys.stdout,
)
