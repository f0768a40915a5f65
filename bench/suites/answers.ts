/**
 * Forecasts of twelve months, and unusual transactions with reasons, one request after the other on
 * one connection: medians over HTTP. Ours has metrics, a line of the log for each request, and the
 * prediction log, and keeps no answers. The peers learn from the same made-up users:
 *
 * - FastAPI + statsforecast: AutoETS of each series, fitted before, with two intervals; ours adds
 *   what each month is made of, makes totals agree with their categories, and tells it in words
 * - FastAPI + scikit-learn + SHAP: an isolation forest of 100 trees on four numbers of the
 *   transaction itself, explained by its trees; ours compares it with what the user usually does
 *
 * `bench/python/serving.py` tells what seconds and memory are.
 */

import type { BenchCase, Command, Suite } from "../suite.ts";

function answered(
  name: string,
  model: string,
  peer: string,
  [server, ...packages]: readonly string[],
  milliseconds: number,
): BenchCase {
  const serving = (server: string): Command => ({
    script: "python/serving.py",
    options: {
      ...{ server, model, connections: 1, asked: `asked_${model}.json`, quality: "p50_ms" },
    },
  });
  return {
    name: `${name}: median`,
    ours: serving("series"),
    peers: {
      [peer]: { command: serving(server), packages: ["fastapi", ...packages] },
    },
    quality: "p50 in ms",
    target: {
      timeRatio: 1,
      quality: { wanted: `below ${milliseconds} ms`, holds: (ours) => ours < milliseconds },
    },
    rounds: 1,
  };
}

const suite: Suite = {
  name: "answers",
  description:
    "Milliseconds of an answer over HTTP, one at a time, its client on the same cores; " +
    "rows are users.",
  requirements: "requirements-answers.txt",
  sizes: [20],
  prepare: [{ script: "sides/served_series.ts" }],
  cases: [
    answered("12 months ahead", "spending", "FastAPI + statsforecast", [
      ...["statsforecast", "statsforecast"],
    ], 5),
    answered("unusual, with reasons", "anomaly", "FastAPI + scikit-learn + SHAP", [
      ...["shap", "scikit-learn", "shap"],
    ], 1),
  ],
};

export default suite;
