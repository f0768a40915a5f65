import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import {
  type ClassifierPredictions,
  estimatePerformance,
  performanceMetrics,
  realizedScores,
  referencePerformance,
} from "../../src/drift/mod.ts";

interface Rows {
  readonly labels: string;
  readonly predicted: string;
  /** Ten-thousandths. */
  readonly probabilities: readonly string[];
}

/** What NannyML 0.13.1 says, by tests/python/make_cbpe_fixtures.py. */
const cases: readonly {
  readonly name: string;
  readonly classes: number;
  readonly reference: Rows;
  readonly later: Rows;
  readonly expected: Readonly<
    Record<string, {
      value: number;
      error: number;
      realized: number;
      lower: number;
      upper: number;
      alert: boolean;
    }>
  >;
}[] = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/cbpe.json", import.meta.url)),
);

const codes = (digits: string) => Int32Array.from(digits, Number);

function predictionsOf(classes: number, { predicted, probabilities }: Rows): ClassifierPredictions {
  const shown = probabilities.map((text) => text.split(" ").map((digits) => Number(digits) / 1e4));
  const all = classes === 2 ? [shown[0].map((p) => 1 - p), shown[0]] : shown;
  return { classes, predicted: codes(predicted), probabilities: Float64Array.from(all.flat()) };
}

for (const { name, classes, reference, later, expected } of cases) {
  const learned = referencePerformance(
    codes(reference.labels),
    predictionsOf(classes, reference),
    new Random(1),
  );
  const said = predictionsOf(classes, later);

  Deno.test(`cbpe: estimates of ${name} are NannyML's to 0.002, realised metrics exactly`, () => {
    const estimated = estimatePerformance(learned, said);
    const realized = realizedScores(codes(later.labels), said);
    for (const metric of performanceMetrics) {
      const theirs = expected[metric];
      const ours = estimated[metric];
      // NannyML steps through rows of equal score one by one, in no fixed order.
      assertAlmostEquals(ours.value, theirs.value, 0.002, metric);
      assertAlmostEquals(realized[metric], theirs.realized, 1e-9, metric);
      assertEquals(ours.alert, theirs.alert, metric);
    }
  });

  Deno.test(`cbpe: bands and thresholds of ${name} are NannyML's`, () => {
    const estimated = estimatePerformance(learned, said);
    for (const metric of performanceMetrics) {
      const theirs = expected[metric];
      const { lower, upper } = learned.metrics[metric];
      assertAlmostEquals(lower!, theirs.lower, 1e-9, metric);
      assertAlmostEquals(upper!, theirs.upper, 1e-9, metric);
      // Half the band; both sides resample for the average precision, so that differs by chance.
      const { value, low } = estimated[metric];
      const tolerance = metric === "average_precision" ? 0.35 * 3 * theirs.error : 1e-4;
      assertAlmostEquals(value - low, 3 * theirs.error, tolerance, metric);
    }
  });
}

Deno.test("cbpe: what is learned is small plain JSON and gives the same after a round trip", () => {
  const [, { classes, reference, later }] = cases;
  const learned = referencePerformance(
    codes(reference.labels),
    predictionsOf(classes, reference),
    new Random(1),
  );
  const text = JSON.stringify(learned);
  assert(text.length < 20_000, `${text.length} bytes`);
  const said = predictionsOf(classes, later);
  assertEquals(estimatePerformance(JSON.parse(text), said), estimatePerformance(learned, said));
});

Deno.test("cbpe: a class without rows leaves its ranking unknown and the rest as it is", () => {
  const probabilities = Float64Array.from([0.9, 0.8, 0.2, 0.1, 0.1, 0.2, 0.8, 0.9]);
  const said = { classes: 2, predicted: Int32Array.of(0, 0, 1, 1), probabilities };
  const { roc_auc, accuracy, recall } = realizedScores(new Int32Array(4), said);
  assertEquals({ roc_auc, accuracy, recall }, { roc_auc: NaN, accuracy: 0.5, recall: 0 });
  const learned = referencePerformance(new Int32Array(4), said, new Random(1));
  assertEquals(learned.metrics.roc_auc.value, null);
  assert(Number.isNaN(estimatePerformance(learned, said).roc_auc.low));
});

Deno.test("cbpe: a window much smaller than a chunk alerts as rarely as a chunk does", () => {
  const random = new Random(1);
  const window = (rows: number) => {
    const sure = Float64Array.from({ length: rows }, () => random.next());
    const said: ClassifierPredictions = {
      classes: 2,
      predicted: Int32Array.from(sure, (p) => Number(p > 0.5)),
      probabilities: Float64Array.from([...sure.map((p) => 1 - p), ...sure]),
    };
    return { said, labels: Int32Array.from(sure, (p) => Number(random.next() < p)) };
  };
  const { said, labels } = window(5000);
  const learned = referencePerformance(labels, said, random);
  const alerts = Array.from(
    { length: 300 },
    () => estimatePerformance(learned, window(10).said).accuracy.alert,
  ).filter(Boolean).length;
  // Three standard deviations, from ten chunks: a few in a thousand, twice that with luck.
  assert(alerts <= 6, `${alerts} of 300`);
});
