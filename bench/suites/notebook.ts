/**
 * What it costs to run a notebook headless. Each cell prints a line and gives a value; the
 * kernel is the same Deno on both sides. What is measured is the process that a user
 * starts, from start to exit, with the notebook read and written back:
 *
 * - ours: the command of `deno task notebook run`, without the task runner before it
 * - nbclient: a script that reads with nbformat, executes and writes, as `jupyter execute`
 *
 * The quality is the share of outputs that are in the notebook afterwards: the kernel says
 * that it is idle before its last outputs are sent, and whoever stops listening loses them.
 */

import type { BenchCase, Suite } from "../suite.ts";

const cells = (size: number): BenchCase => ({
  name: size === 1 ? "notebook of 1 cell" : `notebook of ${size} cells`,
  size,
  ours: { script: "python/notebook.py", options: { side: "ours" } },
  peers: {
    nbclient: {
      command: { script: "python/notebook.py", options: { side: "nbclient" } },
      packages: ["nbclient", "nbformat", "jupyter-client"],
    },
  },
  quality: "share of outputs kept",
  target: { timeRatio: 1 },
});

const suite: Suite = {
  name: "notebook",
  description: "A notebook executed headless, the whole process: `deno task notebook run` and " +
    "nbclient, both with the Deno kernel; rows are cells.",
  requirements: "requirements-notebook.txt",
  prepare: [{ script: "sides/notebook.ts" }],
  cases: [cells(1), cells(200)],
};

export default suite;
