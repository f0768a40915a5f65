/** Histograms that cost a request a few comparisons. */

import type { MetricFamily, MetricName, Sample } from "./exposition.ts";

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

/** What a histogram is called, and the upper bounds of its buckets, rising. */
export type HistogramName = MetricName & { readonly buckets: readonly number[] };

/** A histogram whose children are found once. */
export class LabelledHistogram {
  readonly #children = new Map<
    string,
    { readonly labels: readonly string[]; readonly observations: Observations }
  >();

  /** Starts with no children. */
  constructor(private readonly metric: HistogramName) {}

  /** What is observed for values of the labels, in their order. */
  of(...values: readonly string[]): Observations {
    const key = values.join("\0");
    let child = this.#children.get(key);
    if (child === undefined) {
      child = { labels: values, observations: new Observations(this.metric.buckets) };
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

  /** The buckets, cumulative, with sum and count as Prometheus reads them. */
  family(): MetricFamily {
    const { buckets, ...name } = this.metric;
    const samples = this.counts().flatMap(({ labels, counts, sum }): Sample[] => {
      let total = 0;
      const cumulative = [...buckets, "+Inf"].map((le, at): Sample => ({
        ...{ labels, suffix: "_bucket", extra: ["le", String(le)], value: total += counts[at] },
      }));
      return [
        ...cumulative,
        { labels, suffix: "_sum", value: sum },
        { labels, suffix: "_count", value: total },
      ];
    });
    return { ...name, type: "histogram", samples };
  }
}
