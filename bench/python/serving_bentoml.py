"""The peer BentoML: a service with a validated method, started by `bentoml serve`."""

import json
import os
from pathlib import Path

import bentoml
import numpy
from onnxruntime import InferenceSession, SessionOptions
from pydantic import BaseModel, ConfigDict, create_model

folder = Path(os.environ["SERVING_FOLDER"])
schema = json.loads((folder / "schema.json").read_text())

Record = create_model(
    "Record",
    __config__=ConfigDict(extra="forbid"),
    **{
        column["name"]: (float | None if column["kind"] == "number" else str | None, None)
        for column in schema
    },
)


class Prediction(BaseModel):
    prediction: str
    probabilities: dict[str, float]


@bentoml.service(workers=int(os.environ["SERVING_WORKERS"]))
class Credit:
    def __init__(self) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = 1
        self.session = InferenceSession(folder / "model.onnx", options)
        self.outputs = [output.name for output in self.session.get_outputs()]

    # Not handed to a thread: the prediction takes less time than the way there.
    @bentoml.api
    async def predict(self, record: Record) -> Prediction:
        values = record.__dict__
        feeds = {
            column["name"]: numpy.array([values[column["name"]]], numpy.float32)
            if column["kind"] == "number"
            else numpy.array([values[column["name"]] or ""], object)
            for column in schema
        }
        answer = dict(zip(self.outputs, self.session.run(self.outputs, feeds)))
        return Prediction(
            prediction=answer.pop("label")[0],
            probabilities={
                name.removeprefix("probability_"): float(shares[0])
                for name, shares in answer.items()
            },
        )
