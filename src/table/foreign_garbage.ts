/** Memory of Polars that nobody needs any more. V8 does not know of it, and so is in no hurry. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes by which the process grows before garbage is collected. */
const GROWN = 80e6;

/** Frees Polars' memory while a large file is read; small ones never reach what it waits for. */
export class ForeignGarbage {
  #resident = Deno.memoryUsage().rss;

  /** Ends once what is not needed any more is free, if there may be much of it. */
  async free(): Promise<void> {
    // It is freed between two tasks only.
    await nextTask();
    if (Deno.memoryUsage().rss < this.#resident + GROWN) return;
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    collect();
    await nextTask();
    this.#resident = Deno.memoryUsage().rss;
  }
}

const nextTask = () => new Promise((resolve) => setTimeout(resolve));
