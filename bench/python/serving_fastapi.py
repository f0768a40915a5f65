"""The peer FastAPI: one ONNX Runtime session behind a validated route, started by uvicorn."""

from fastapi import FastAPI

from served_model import Model, Prediction, Record

model = Model()
app = FastAPI()


# Not handed to a thread: the prediction takes less time than the way there.
@app.post("/predict")
async def predict(record: Record) -> Prediction:
    return model.predict(record)
