import { task } from "../../src/base/mod.ts";

/** Adds numbers up in a worker. */
export const sumTask = task(
  import.meta.url,
  "sumTask",
  (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0),
);
