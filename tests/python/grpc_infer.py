"""Asks a server by gRPC and prints as JSON what came back: grpc_infer.py ADDRESS DESCRIPTOR MODEL COLUMNS.

DESCRIPTOR is the service's file descriptor in base64. Needs grpcio and protobuf.
"""

import base64
import json
import struct
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptor, model, columns = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
pool = descriptor_pool.DescriptorPool()
file = descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(descriptor))
file.name = file.name or "inference.proto"
pool.Add(file)
channel = grpc.insecure_channel(address)


def message(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"inference.{name}"))


def call(method, **fields):
    ask = channel.unary_unary(
        f"/inference.GRPCInferenceService/{method}",
        request_serializer=lambda request: request.SerializeToString(),
        response_deserializer=message(f"{method}Response").FromString,
    )
    return ask(message(f"{method}Request")(**fields), timeout=20)


said = {}
said["live"] = call("ServerLive").live
said["ready"] = call("ServerReady").ready
said["model_ready"] = [call("ModelReady", name=one).ready for one in (model, "Nobody")]
said["server"] = call("ServerMetadata").name
metadata = call("ModelMetadata", name=model)
said["inputs"] = [[one.name, one.datatype, list(one.shape)] for one in metadata.inputs]


def number_of(value):
    return float("nan") if value is None else value


def tensor(column, raw):
    values = column["values"]
    request = message("ModelInferRequest.InferInputTensor")(
        name=column["name"], datatype=column["datatype"], shape=[len(values)]
    )
    number = column["datatype"] == "FP32"
    if raw:
        if number:
            return request, struct.pack(f"<{len(values)}f", *map(number_of, values))
        texts = [value.encode() for value in values]
        return request, b"".join(struct.pack("<I", len(text)) + text for text in texts)
    if number:
        request.contents.fp32_contents.extend(map(number_of, values))
    else:
        request.contents.bytes_contents.extend(value.encode() for value in values)
    return request, None


def infer(raw):
    made = [tensor(column, raw) for column in columns]
    answer = call(
        "ModelInfer",
        model_name=model,
        id="7",
        inputs=[one for one, _ in made],
        raw_input_contents=[bytes for _, bytes in made if bytes is not None],
    )
    assert answer.id == "7" and answer.model_name == model
    outputs = {}
    for at, output in enumerate(answer.outputs):
        if not raw:
            texts = [text.decode() for text in output.contents.bytes_contents]
            outputs[output.name] = texts or list(output.contents.fp32_contents)
        elif output.datatype == "FP32":
            bytes = answer.raw_output_contents[at]
            outputs[output.name] = list(struct.unpack(f"<{len(bytes) // 4}f", bytes))
        else:
            bytes, texts = answer.raw_output_contents[at], []
            while bytes:
                (length,) = struct.unpack("<I", bytes[:4])
                texts.append(bytes[4 : 4 + length].decode())
                bytes = bytes[4 + length :]
            outputs[output.name] = texts
    return outputs


said["typed"], said["raw"] = infer(False), infer(True)
said["refused"] = []
for fields in (
    {"model_name": "Nobody", "inputs": [tensor(columns[0], False)[0]]},
    {"model_name": model},
    {
        "model_name": model,
        "inputs": [tensor(columns[0], False)[0]],
        "raw_input_contents": [b"", b""],
    },
    {"model_name": model, "raw_input_contents": [b"x" * (2 << 20)]},
):
    try:
        call("ModelInfer", **fields)
        said["refused"].append("OK")
    except grpc.RpcError as error:
        said["refused"].append(error.code().name)
print(json.dumps(said))
