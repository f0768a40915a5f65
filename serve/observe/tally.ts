/** Counters that cost a request an addition: prom-client hears the sums when it is asked. */

import { Counter, type Registry } from "prom-client";

/** The count of one combination of labels. */
export interface Count {
  /** How often it happened. */
  value: number;
}

/** What a tally holds, as another thread takes it: values of the labels, and the count. */
export type TallyCounts = readonly (readonly [labels: readonly string[], value: number])[];

/** What a metric is called. */
export interface MetricName {
  /** Name, as `predictions_total`. */
  readonly name: string;
  /** What it counts. */
  readonly help: string;
  /** Names of its labels. */
  readonly labels: readonly string[];
}

/**
 * A counter whose children are found once and then counted up by hand.
 * prom-client hashes the labels at every step, which takes longer than all else
 * that is measured of a request.
 */
export class LabelledCounter {
  readonly #counts = new Map<string, Count & { readonly labels: readonly string[] }>();

  /** Registers the counter. */
  constructor({ name, help, labels }: MetricName, registry: Registry) {
    const counts = this.#counts;
    new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, value } of counts.values()) this.labels(...labels).inc(value);
      },
    });
  }

  /** The count for values of the labels, in their order. */
  of(...labels: readonly string[]): Count {
    const key = labels.join("\0");
    let count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, count = { labels, value: 0 });
    return count;
  }

  /** All counts. */
  counts(): TallyCounts {
    return [...this.#counts.values()].map(({ labels, value }) => [labels, value]);
  }

  /** Adds the counts of a tally of the same metric. */
  add(counts: TallyCounts): void {
    for (const [labels, value] of counts) this.of(...labels).value += value;
  }
}
