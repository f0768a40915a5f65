/**
 * A look at a prediction log of so many lines, from its beginning: the whole process. Ours judges
 * ten inputs, answers, latency and what is expected of the answers by windows of an hour; Evidently
 * makes its DataDriftPreset of the inputs alone. The quality is the peak memory.
 */

import type { Suite } from "../suite.ts";

const look = (side: string) => ({ script: "python/monitor.py", options: { side } });
const packages = ["evidently", "pandas"];

const suite: Suite = {
  name: "monitor",
  description: "A look at a prediction log of ten columns from its beginning, whole process.",
  requirements: "requirements-drift.txt",
  sizes: [1_000_000],
  prepare: [{ script: "sides/monitor_data.ts" }],
  cases: [{
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
  }],
};

export default suite;
