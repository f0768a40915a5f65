/** Batch scoring: a folder of Parquet files in, Parquet out. */

import type { Suite } from "../suite.ts";

const quality = {
  wanted: "within 0.0001 of ONNX Runtime's",
  holds: (ours: number, [theirs]: readonly number[]) => Math.abs(ours - theirs) < 1e-4,
};

const suite: Suite = {
  name: "score",
  description: "Loans in Parquet files scored by 100 boosted trees, written as Parquet.",
  requirements: "requirements-score.txt",
  sizes: [1_000_000, 10_000_000],
  prepare: [{ script: "sides/score_data.ts" }],
  cases: [{
    name: "score: Parquet to Parquet",
    ours: { script: "sides/score.ts" },
    peers: {
      "the same file in ONNX Runtime": {
        command: { script: "python/score.py", options: { way: "file" } },
        packages: ["onnxruntime", "pyarrow"],
      },
      "scikit-learn + ONNX Runtime": {
        command: { script: "python/score.py", options: { way: "sklearn" } },
        packages: ["scikit-learn", "skl2onnx", "onnxruntime"],
      },
    },
    quality: "mean probability",
    target: { timeRatio: 3, quality },
    rounds: 1,
  }],
};

export default suite;
