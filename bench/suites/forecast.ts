/** Many short series at once beside statsforecast: each user's spending by category. */

import type { BenchCase, Suite } from "../suite.ts";

function forecasts(name: string, methods: readonly string[]): BenchCase {
  return {
    name,
    ours: { script: "sides/forecast.ts", options: { methods } },
    peers: {
      statsforecast: {
        command: { script: "python/forecast.py", options: { methods } },
        packages: ["statsforecast"],
      },
    },
    quality: "MASE",
    target: {
      timeRatio: 3,
      quality: {
        wanted: "MASE at most 0.01 higher",
        holds: (ours, peers) => ours <= Math.min(...peers) + 0.01,
      },
    },
    rounds: 3,
  };
}

const suite: Suite = {
  name: "forecast",
  description: "12 months ahead of series of 60 months, all over all threads.",
  requirements: "requirements-forecast.txt",
  sizes: [1_000, 10_000],
  prepare: [{ script: "sides/series_data.ts" }],
  cases: [
    forecasts("ETS, all forms", ["ets"]),
    forecasts("dynamic optimised theta", ["theta"]),
    forecasts("MSTL + ETS", ["decomposed"]),
    forecasts("all three", ["ets", "theta", "decomposed"]),
  ],
};

export default suite;
