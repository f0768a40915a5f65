import { DataError, task } from "../../src/base/mod.ts";

/** Counts in a Int32Array over shared memory how often it was entered, then waits `steps` × 5 ms. */
export const waitTask = task(
  import.meta.url,
  "waitTask",
  async ({ entered, steps }: { entered?: Int32Array; steps: number }, { progress }) => {
    if (entered) Atomics.add(entered, 0, 1);
    for (let i = 1; i <= steps; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      progress(i / steps);
    }
    return steps;
  },
);

/** Never gives its thread back. */
export const spinTask = task(import.meta.url, "spinTask", (entered: Int32Array): void => {
  Atomics.add(entered, 0, 1);
  while (true);
});

/** Fails in the way it is asked to. */
export const failTask = task(import.meta.url, "failTask", (how: "data" | "range" | "text") => {
  if (how === "data") throw new DataError("Cannot do it", { next: "try another way" });
  if (how === "range") throw new RangeError("Cannot count that far");
  throw "just text";
});

/** Gives what cannot be cloned. */
export const uncloneableTask = task(import.meta.url, "uncloneableTask", () => () => 1);
