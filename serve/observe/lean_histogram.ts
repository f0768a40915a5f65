/** Histograms that cost a request a few comparisons. */

import { Histogram, type Registry } from "prom-client";
import type { MetricName } from "./tally.ts";

/** What a histogram holds, as another thread takes it. */
export type HistogramCounts = readonly {
  /** Values of its labels. */
  readonly labels: readonly string[];
  /** As in {@linkcode Observations}. */
  readonly counts: Float64Array;
  readonly sum: number;
}[];

/** What was observed for one combination of labels. */
export class Observations {
  /** How many values lie in each bucket, and last how many lie above all. */
  readonly counts: Float64Array;
  /** Sum of the values. */
  sum = 0;

  /** Takes the upper bounds of the buckets, rising. */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Counts a value. */
  observe(value: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) bucket++;
    this.counts[bucket]++;
    this.sum += value;
  }

  /** Adds what was observed with the same bounds. */
  add({ counts, sum }: { readonly counts: Float64Array; readonly sum: number }): void {
    counts.forEach((count, bucket) => this.counts[bucket] += count);
    this.sum += sum;
  }
}

/**
 * A histogram whose children are found once, for the reason of
 * {@linkcode Tally}. prom-client offers no way to hand over buckets, so the
 * method by which its registry reads a metric is overridden.
 */
export class LeanHistogram extends Histogram {
  readonly #children = new Map<
    string,
    { readonly labels: readonly string[]; readonly observations: Observations }
  >();
  readonly #metric: MetricName & { readonly buckets: readonly number[] };

  /** Registers the histogram; `buckets` are upper bounds, rising. */
  constructor(metric: MetricName & { readonly buckets: readonly number[] }, registry: Registry) {
    super({
      name: metric.name,
      help: metric.help,
      labelNames: [...metric.labels],
      buckets: [...metric.buckets],
      registers: [registry],
    });
    this.#metric = metric;
  }

  /** What is observed for values of the labels, in their order. */
  of(...values: readonly string[]): Observations {
    const key = values.join("\0");
    let child = this.#children.get(key);
    if (child === undefined) {
      child = { labels: values, observations: new Observations(this.#metric.buckets) };
      this.#children.set(key, child);
    }
    return child.observations;
  }

  /** All that was observed. */
  counts(): HistogramCounts {
    return [...this.#children.values()].map(({ labels, observations: { counts, sum } }) => ({
      ...{ labels, counts, sum },
    }));
  }

  /** Adds what a histogram of the same metric observed. */
  add(counts: HistogramCounts): void {
    for (const child of counts) this.of(...child.labels).add(child);
  }

  /** What prom-client's registry reads the metric by. */
  getForPromString(): Promise<object> {
    const { name, help, buckets, labels: names } = this.#metric;
    const values = this.counts().flatMap(({ labels: values, counts, sum }) => {
      const labels = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      let total = 0;
      const cumulative = [...buckets, "+Inf"].map((le, at) => ({
        metricName: `${name}_bucket`,
        labels: { le },
        sharedLabels: labels,
        value: total += counts[at],
      }));
      return [
        ...cumulative,
        { metricName: `${name}_sum`, labels: {}, sharedLabels: labels, value: sum },
        { metricName: `${name}_count`, labels: {}, sharedLabels: labels, value: total },
      ];
    });
    return Promise.resolve({ name, help, type: "histogram", aggregator: "sum", values });
  }
}
