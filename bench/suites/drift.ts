/**
 * A drift report of two Parquet files of so many rows each, with 28 columns: the
 * whole process from its start to the page, reading included. Evidently is asked
 * for its DataDriftPreset. The quality is the size of the page, plotly included.
 */

import type { Suite } from "../suite.ts";

const report = (side: string) => ({ script: "python/drift.py", options: { side } });

const suite: Suite = {
  name: "drift",
  description: "A drift report from two Parquet files of 28 columns to the page, whole process.",
  requirements: "requirements-drift.txt",
  sizes: [1_000_000],
  prepare: [{ script: "sides/drift_data.ts" }],
  cases: [{
    name: "drift report",
    ours: report("ours"),
    peers: { Evidently: { command: report("evidently"), packages: ["evidently"] } },
    quality: "MB of HTML",
    target: {
      timeRatio: 10,
      memoryShare: 0.5,
      quality: { wanted: "below 6", holds: (ours) => ours < 6 },
    },
    rounds: 3,
  }],
};

export default suite;
