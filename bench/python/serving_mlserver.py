"""The peer MLServer: a custom runtime, as there is none for ONNX, started by `mlserver start`."""

import numpy
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

from served_model import open_session


class OnnxModel(MLModel):
    async def load(self) -> bool:
        self.session = open_session()
        self.output_names = [output.name for output in self.session.get_outputs()]
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        feeds = {
            tensor.name: numpy.array(StringCodec.decode_input(tensor), object)
            if tensor.datatype == "BYTES"
            else NumpyCodec.decode_input(tensor)
            for tensor in payload.inputs
        }
        answer = zip(self.output_names, self.session.run(self.output_names, feeds))
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                StringCodec.encode_output(name, list(values))
                if name == "label"
                else NumpyCodec.encode_output(name, values)
                for name, values in answer
            ],
        )
