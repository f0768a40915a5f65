/** The text format in which Prometheus reads metrics. */

/** Media type of {@linkcode expositionText}. */
export const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** What a metric is called. */
export interface MetricName {
  /** Name, as `predictions_total`. */
  readonly name: string;
  /** What it measures. */
  readonly help: string;
  readonly labels: readonly string[];
}

/** One value of a metric. */
export interface Sample {
  /** Values of the metric's labels, in their order. */
  readonly labels: readonly string[];
  readonly value: number;
  /** What follows the metric's name, as `_bucket`; default nothing. */
  readonly suffix?: string;
  /** A label before those of the metric, as a bucket's `le`. */
  readonly extra?: readonly [name: string, value: string];
}

/** A metric with its values. */
export interface MetricFamily extends MetricName {
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", '"': '\\"' };

function number(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function* lines({ name, help, labels: names, type, samples }: MetricFamily): Generator<string> {
  yield `# HELP ${name} ${help.replaceAll(/[\\\n]/g, (sign) => escapes[sign])}`;
  yield `# TYPE ${name} ${type}`;
  for (const { labels, value, suffix = "", extra } of samples) {
    const pairs = names.map((name, at) => [name, labels[at]] as const);
    const inside = (extra ? [extra, ...pairs] : pairs)
      .map(([name, value]) => `${name}="${value.replaceAll(/[\\\n"]/g, (sign) => escapes[sign])}"`);
    const of = inside.length === 0 ? "" : `{${inside.join(",")}}`;
    yield `${name}${suffix}${of} ${number(value)}`;
  }
}

/**
 * Writes metrics as Prometheus reads them.
 *
 * Source: Prometheus, "Exposition formats", text-based format 0.0.4.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const up = { name: "up", help: "1 if it runs", type: "gauge", labels: ["who"] } as const;
 * assertEquals(
 *   expositionText([{ ...up, samples: [{ labels: ["a"], value: 1 }] }]),
 *   '# HELP up 1 if it runs\n# TYPE up gauge\nup{who="a"} 1\n',
 * );
 * ```
 */
export function expositionText(families: readonly MetricFamily[]): string {
  return families.map((family) => [...lines(family), ""].join("\n")).join("\n");
}
