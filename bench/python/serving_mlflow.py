"""Saves the ONNX file as an MLflow model, for `mlflow models serve`."""

import json
import sys
from pathlib import Path

import mlflow
import onnx
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

folder = Path(json.loads(sys.argv[1])["folder"])
schema = json.loads((folder / "schema.json").read_text())
kinds = {"number": "double", "text": "string"}
mlflow.onnx.save_model(
    onnx.load(folder / "model.onnx"),
    folder / "mlflow_model",
    signature=ModelSignature(
        inputs=Schema([ColSpec(kinds[column["kind"]], column["name"]) for column in schema])
    ),
    onnx_session_options={"intra_op_num_threads": 1},
    pip_requirements=["onnx", "onnxruntime"],
)
