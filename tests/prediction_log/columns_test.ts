/** The log read as columns says what JSON.parse says of each line, whatever the lines are. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PredictionLines } from "../../src/prediction_log/prediction_lines.ts";
import { LineCursor } from "../../src/prediction_log/line_cursor.ts";
import {
  type PredictionColumns,
  type PredictionRecord,
  requestIdOf,
} from "../../src/prediction_log/mod.ts";

const encoder = new TextEncoder();
const full = Deno.args.includes("--full");

/** Columns as records again, without what was not sent. */
function records(columns: PredictionColumns): PredictionRecord[] {
  const { model_name, model_version } = columns;
  return Array.from({ length: columns.rows }, (_, row): PredictionRecord => ({
    time: new Date(columns.times[row]).toISOString(),
    request_id: requestIdOf(columns, row),
    ...{ model_name, model_version, role: columns.roles[row] },
    ...columns.groups[row] !== undefined && { group: columns.groups[row] },
    inputs: Object.fromEntries(
      Object.entries(columns.inputs).map(([name, cells]) => [name, cells[row]]),
    ),
    prediction: columns.predictions[row],
    probabilities: Object.fromEntries(
      Object.entries(columns.probabilities).map(([label, shares]) => [label, shares[row]]),
    ),
    latency_ms: columns.latencies[row],
  }));
}

/** A record with null and 0 where columns have them. */
function filled(record: PredictionRecord, all: readonly PredictionRecord[]): PredictionRecord {
  const own = all.filter(({ model_version }) => model_version === record.model_version);
  const names = own.flatMap(({ inputs }) => Object.keys(inputs));
  const labels = own.flatMap(({ probabilities }) => Object.keys(probabilities ?? {}));
  return {
    ...record,
    inputs: Object.fromEntries(names.map((name) => [name, record.inputs[name] ?? null])),
    probabilities: Object.fromEntries(
      labels.map((label) => [label, record.probabilities?.[label] ?? 0]),
    ),
  };
}

const text = fc.oneof(
  fc.constantFrom("home", "car", "", "Zoë", "日本", 'a "b"', "a\\b", "line\nbreak", "-1", "null"),
  fc.string({ unit: "grapheme", maxLength: 80 }),
);
const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 0.1, 1e21, -1e-7, 2 ** 53 + 2, 0.30000000000000004, 123456.789),
);
const record = fc.record({
  time: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  request_id: text,
  model_name: fc.constant("loans"),
  model_version: fc.constantFrom("1", "2"),
  role: fc.constantFrom("champion" as const, "shadow" as const),
  group: text,
  inputs: fc.dictionary(
    fc.constantFrom("income", "purpose", "größe", 'a"b'),
    fc.oneof(value, text, fc.constant(null)),
  ),
  prediction: fc.oneof(value, text),
  probabilities: fc.dictionary(fc.constantFrom("yes", "no"), value),
  latency_ms: value,
}, {
  requiredKeys: [
    ...["time", "request_id", "model_name", "model_version", "role"] as const,
    ...["inputs", "prediction", "latency_ms"] as const,
  ],
});

Deno.test("log as columns: any records are read as JSON.parse reads them", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), fc.nat(40), (written, at) => {
      const all = written as PredictionRecord[];
      const lines = new PredictionLines();
      const found = [all.slice(0, at), all.slice(at)].flatMap((part) => {
        const bytes = encoder.encode(part.map((one) => `${JSON.stringify(one)}\n`).join(""));
        const { predictions, malformed } = lines.read(bytes);
        assertEquals(malformed, 0);
        return predictions.flatMap(records).map((one) => filled(one, all));
      });
      const version = ({ model_version }: PredictionRecord) => model_version;
      for (const own of ["1", "2"]) {
        assertEquals(
          found.filter((one) => version(one) === own),
          // JSON has no −0.
          JSON.parse(JSON.stringify(all.filter((one) => version(one) === own)))
            .map((one: PredictionRecord) => filled(one, all)),
        );
      }
    }),
    { numRuns: full ? 2000 : 60 },
  );
});

Deno.test("log as columns: lines that are no records are counted and spoil none beside them", () => {
  const line = (more: object) =>
    JSON.stringify({
      ...{ time: "2026-11-21T10:15:00.000Z", request_id: "a", model_name: "m", model_version: "1" },
      ...{ role: "champion", inputs: { x: 1, y: "b" }, prediction: "yes", latency_ms: 1 },
      ...more,
    });
  const broken = [
    '{"torn', // a kill
    line({}).replace('"x":1', '"x":01'),
    line({}).replace('"x":1', '"x":1.'),
    line({}).replace('"x":1', '"x":NaN'),
    line({}).replace("latency", "\u0000latency"),
    line({ time: "yesterday" }),
    line({ role: "king" }),
    line({ prediction: null }),
    "[]",
  ];
  const lines = [line({}), ...broken.flatMap((one) => [one, line({ inputs: { x: 2 } })])];
  const { predictions: [columns], malformed } = new PredictionLines()
    .read(encoder.encode(`${lines.join("\n")}\n\n`));
  assertEquals([malformed, columns.rows], [broken.length, 1 + broken.length]);
  assertEquals(columns.inputs.x, [1, ...broken.map(() => 2)]);
  assertEquals(columns.inputs.y, ["b", ...broken.map(() => null)]);
});

Deno.test("log as columns: numbers and moments are those of JSON.parse and Date.parse, to the last bit", () => {
  const cursor = new LineCursor();
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = JSON.stringify(value);
    cursor.start(encoder.encode(`${text},\n`), 0);
    assert(Object.is(cursor.number(), JSON.parse(text)), text);
    assertEquals(cursor.at, text.length);
  }));
  for (const text of ["2024-02-29T23:59:59.999Z", "1970-01-01T00:00:00.000Z"]) {
    cursor.start(encoder.encode(`"${text}",\n`), 0);
    assertEquals(cursor.time(), Date.parse(text));
  }
  for (const text of ["2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01"]) {
    cursor.start(encoder.encode(`"${text}",\n`), 0);
    assertEquals(cursor.time(), NaN);
  }
});
