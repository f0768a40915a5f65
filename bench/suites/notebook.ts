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

import type { Suite } from "../suite.ts";

const suite: Suite = {
  name: "notebook",
  description: "A notebook executed headless, the whole process: `deno task notebook run` and " +
    "nbclient, both with the Deno kernel; rows are cells.",
  requirements: "requirements-notebook.txt",
  sizes: [1, 200],
  prepare: [{ script: "sides/notebook.ts" }],
  cases: [{
    name: "notebook: start, run, save",
    ours: { script: "python/notebook.py", options: { side: "ours" } },
    peers: {
      nbclient: {
        command: { script: "python/notebook.py", options: { side: "nbclient" } },
        packages: ["nbclient", "nbformat", "jupyter-client"],
      },
    },
    quality: "share of outputs kept",
    target: { timeRatio: 1 },
  }],
};

export default suite;
