/** Counters that cost a request an addition. */

import type { MetricFamily, MetricName } from "./exposition.ts";

/** The count of one combination of labels. */
export interface Count {
  /** How often it happened. */
  value: number;
}

/** What a counter holds, as another thread takes it: values of the labels, and the count. */
export type LabelledCounts = readonly (readonly [labels: readonly string[], value: number])[];

/** A counter whose children are found once and then counted up by hand. */
export class LabelledCounter {
  readonly #counts = new Map<string, Count & { readonly labels: readonly string[] }>();

  /** Starts with no children. */
  constructor(private readonly name: MetricName) {}

  /** The count for values of the labels, in their order. */
  of(...labels: readonly string[]): Count {
    const key = labels.join("\0");
    let count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, count = { labels, value: 0 });
    return count;
  }

  counts(): LabelledCounts {
    return [...this.#counts.values()].map(({ labels, value }) => [labels, value]);
  }

  /** Adds the counts of a counter of the same metric. */
  add(counts: LabelledCounts): void {
    for (const [labels, value] of counts) this.of(...labels).value += value;
  }

  /** The counts as Prometheus reads them. */
  family(): MetricFamily {
    return { ...this.name, type: "counter", samples: [...this.#counts.values()] };
  }
}
