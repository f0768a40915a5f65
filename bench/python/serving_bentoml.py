"""The peer BentoML: a service with a validated method, started by `bentoml serve`."""

import os

import bentoml

from served_model import Model, Prediction, Record


@bentoml.service(workers=int(os.environ["SERVING_WORKERS"]))
class Credit:
    def __init__(self) -> None:
        self.model = Model()

    # Not handed to a thread: the prediction takes less time than the way there.
    @bentoml.api
    async def predict(self, record: Record) -> Prediction:
        return self.model.predict(record)
