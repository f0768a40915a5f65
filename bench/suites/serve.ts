/**
 * One ONNX model, a forest of 100 trees with its preprocessing, served to the
 * same client over kept connections on the same cores: each request one raw
 * record, each record validated. Every server has one or two workers, whichever
 * answers more requests; the peers have one thread for each prediction as their
 * guides say:
 *
 * - ours: `deno task serve` with metrics, a line of the log for each request, and the
 *   prediction log
 * - FastAPI + onnxruntime: uvicorn with uvloop and httptools, no access log
 * - MLServer: a runtime of its own for ONNX Runtime; it has none
 * - BentoML: a service with an async method
 * - MLflow: `mlflow models serve` of the ONNX flavour
 *
 * `bench/python/serving.py` tells what seconds, quality and memory are.
 */

import type { BenchCase, Command, Peer, Suite } from "../suite.ts";

const serving = (server: string, connections: number): Command => ({
  script: "python/serving.py",
  options: { server, connections },
});

const asked = (name: string, connections: number): Pick<BenchCase, "name" | "ours" | "peers"> => {
  const peer = (server: string, ...packages: string[]): Peer => ({
    command: serving(server, connections),
    packages,
  });
  return {
    name,
    ours: serving("ours", connections),
    peers: {
      "FastAPI + onnxruntime": peer("fastapi", "fastapi", "uvicorn", "onnxruntime"),
      BentoML: peer("bentoml", "bentoml"),
      "mlflow models serve": peer("mlflow", "mlflow"),
      MLServer: {
        ...peer("mlserver", "mlserver"),
        requirements: "requirements-mlserver.txt",
      },
    },
  };
};

const suite: Suite = {
  name: "serve",
  description: "Seconds per answer of a server, its client on the same cores; " +
    "rows are those that the model was trained on.",
  requirements: "requirements-serve.txt",
  sizes: [10_000],
  prepare: [{ script: "sides/served_model.ts" }, { script: "python/serving_mlflow.py" }],
  cases: [
    {
      ...asked("predict, 32 connections", 32),
      quality: "p99 in ms",
      target: {
        timeRatio: 5,
        quality: {
          wanted: "below all others",
          holds: (ours, peers) => ours < Math.min(...peers),
        },
      },
      rounds: 3,
    },
    {
      ...asked("predict, 1 connection: median", 1),
      quality: "µs above ONNX Runtime alone",
      rounds: 1,
    },
  ],
};

export default suite;
