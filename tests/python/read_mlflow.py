"""Reads experiments back with MLflow's own client and prints it as JSON.

Usage: read_mlflow.py TRACKING_URI EXPERIMENTS [ROWS]

EXPERIMENTS is a JSON list of names; the answer has one list of runs for each.

ROWS is a JSON object {"columns": [...], "data": [[...]], "text": [...]}: every model of the
experiments predicts on it, as a DataFrame whose `text` columns are cast to object (MLflow's ONNX
loader cannot feed the text columns of pandas 3), and once more as pandas reads it.
"""

import json
import logging
import math
import os
import sys
import warnings

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
import pandas as pd  # noqa: E402

logging.disable(logging.WARNING)

uri, names = sys.argv[1], json.loads(sys.argv[2])
rows = json.loads(sys.argv[3]) if len(sys.argv) > 3 else None
mlflow.set_tracking_uri(uri)
client = mlflow.MlflowClient()


def number(value):
    return value if math.isfinite(value) else str(value)


def artifacts(run_id, path=None):
    found = []
    for entry in client.list_artifacts(run_id, path):
        found += artifacts(run_id, entry.path) if entry.is_dir else [entry.path]
    return sorted(found)


def history(run_id, key):
    points = client.get_metric_history(run_id, key)
    points.sort(key=lambda p: (p.step, p.timestamp))
    return [[p.step, p.timestamp, number(p.value)] for p in points]


def prediction(model_uri):
    frame = pd.DataFrame(rows["data"], columns=rows["columns"])
    model = mlflow.pyfunc.load_model(model_uri)
    result = model.predict(frame.astype({name: object for name in rows["text"]}))
    try:
        model.predict(frame)
        as_read = "predicts"
    except Exception as error:  # noqa: BLE001
        as_read = str(error)
    return {
        "columns": list(result.columns),
        "data": json.loads(result.to_json(orient="values")),
        "inputs": [
            [c.name, str(c.type.name), c.required] for c in model.metadata.get_input_schema().inputs
        ],
        "modelRunId": model.metadata.run_id,
        "asRead": as_read,
        "pandas": pd.__version__,
        "graphInputs": [i.name for i in mlflow.onnx.load_model(model_uri).graph.input],
    }


def read(run):
    models = []
    outputs = getattr(run, "outputs", None)  # MLflow 2 has no models of runs
    for output in outputs.model_outputs if outputs else []:
        model = client.get_logged_model(output.model_id)
        models.append(
            {"name": model.name, "status": str(model.status.name), "params": model.params}
        )
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "startTime": run.info.start_time,
        "endTime": run.info.end_time,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {key: history(run.info.run_id, key) for key in run.data.metrics},
        "datasets": [
            {
                "name": d.dataset.name,
                "digest": d.dataset.digest,
                "sourceType": d.dataset.source_type,
                "source": d.dataset.source,
                "schema": d.dataset.schema,
                "profile": d.dataset.profile,
                "tags": {tag.key: tag.value for tag in d.tags},
            }
            for d in run.inputs.dataset_inputs
        ],
        "models": models,
        "artifacts": artifacts(run.info.run_id),
        "modelFiles": sorted(
            entry.path.split("/")[-1]
            for model in models
            for entry in mlflow.artifacts.list_artifacts(f"runs:/{run.info.run_id}/{model['name']}")
        ),
        "prediction": prediction(f"runs:/{run.info.run_id}/{models[0]['name']}")
        if models and rows
        else None,
    }


def read_all(name):
    experiment = client.get_experiment_by_name(name)
    # Search first: one broken run breaks it for the whole experiment.
    found = client.search_runs([experiment.experiment_id], order_by=["start_time ASC"])
    return [read(client.get_run(run.info.run_id)) for run in found]


print(json.dumps([read_all(name) for name in names]))
