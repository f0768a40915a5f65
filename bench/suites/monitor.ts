/**
 * A look at a prediction log of so many lines, from its beginning: the whole process. Ours judges
 * ten inputs, answers, latency and what is expected of the answers by windows of an hour; Evidently
 * makes its DataDriftPreset of the inputs alone. The quality is the peak memory. Then requests to
 * the server that takes such a look: their 99th percentile while it runs beside that while it is
 * stopped, in windows by turns.
 */

import type { BenchCase, Suite } from "../suite.ts";

/** Requests, as many as are answered or so many a second, while a look runs and while none does. */
const besideLook = (connections: number, rate?: number): BenchCase => {
  const requests = (look: boolean) => ({
    script: "sides/requests_beside_look.ts",
    options: { connections, rate, look },
  });
  const asked = `${connections} connections${rate === undefined ? "" : `, ${rate} a second`}`;
  return {
    name: `requests during a look, ${asked}: p99`,
    ours: requests(true),
    peers: { "the same while it is stopped": { command: requests(false), packages: [] } },
    quality: "median in ms",
    target: { timeRatio: 0.9 },
    rounds: 1, // Both are measured in windows by turns, which takes minutes.
  };
};

const look = (side: string) => ({ script: "python/monitor.py", options: { side } });
const packages = ["evidently", "pandas"];

const suite: Suite = {
  name: "monitor",
  description: "A look at a prediction log of ten columns from its beginning, whole process.",
  requirements: "requirements-drift.txt",
  sizes: [1_000_000],
  prepare: [{ script: "sides/monitor_data.ts" }],
  cases: [
    {
      name: "look at a log",
      ours: look("ours"),
      peers: {
        Evidently: { command: look("pandas"), packages },
        "Evidently, PyArrow": { command: look("pyarrow"), packages: [...packages, "pyarrow"] },
      },
      quality: "MB at the peak",
      target: {
        timeRatio: 20,
        quality: { wanted: "below 200", holds: (ours) => ours < 200 },
      },
      rounds: 3,
    },
    besideLook(32),
    besideLook(32, 5000),
  ],
};

export default suite;
