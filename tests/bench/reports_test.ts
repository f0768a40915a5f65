/** Results as rows, table and page. */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { DataError, UsageError, UserError } from "../../src/base/mod.ts";
import { betterOf, fallsOf } from "../../bench/falls.ts";
import { benchMarkdown, intoPage } from "../../bench/markdown.ts";
import { benchPage } from "../../bench/page.ts";
import { parseMeasurement } from "../../bench/protocol.ts";
import { type BenchRow, mergeRows, readRows } from "../../bench/results.ts";
import { meanOrNull, median, medianOrNull } from "../../bench/statistics.ts";
import type { Suite } from "../../bench/suite.ts";
import { verdict } from "../../bench/verdict.ts";

const row: BenchRow = {
  suite: "learners",
  name: "RandomForest fit",
  rows: 10_000,
  peer: "scikit-learn",
  ours_s: 0.5,
  peer_s: 3,
  time_ratio: 6,
  ours_mb: 100,
  peer_mb: 300,
  quality_name: "macro-F1",
  ours_quality: 0.7,
  peer_quality: 0.704,
  rounds: 5,
  date: "2026-01-02",
  cores: 2,
  peer_version: "scikit-learn 1.9.1",
};

const suite: Suite = {
  name: "learners",
  description: "What learns.",
  prepare: [],
  cases: [{
    name: "RandomForest fit",
    ours: { script: "a.ts" },
    peers: { "scikit-learn": { command: { script: "b.py" }, packages: ["scikit-learn"] } },
    target: {
      timeRatio: 5,
      memoryShare: 0.5,
      quality: {
        wanted: "at most 0.005 lower",
        holds: (ours, peers) => ours >= Math.max(...peers) - 0.005,
      },
    },
  }],
};

Deno.test("bench: medians and means, unknown where a value is unknown", () => {
  assertEquals(median([5]), 5);
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([9, 1, 5, 6]), 5.5);
  assertThrows(() => median([]), RangeError);
  assertEquals(medianOrNull([3, null, 1]), null);
  assertEquals(medianOrNull([3, 2, 1]), 2);
  assertEquals(meanOrNull([1, 2, 6]), 3);
  assertEquals(meanOrNull([1, null]), null);
});

Deno.test("bench: a measurement is the last line, and only the right form of it", () => {
  const line = '{"seconds": 0.25, "megabytes": 120.5, "quality": null}';
  const measured = { seconds: 0.25, megabytes: 120.5, quality: null };
  assertEquals(parseMeasurement(`[LightGBM] says a lot\n${line}\n`), measured);
  for (
    const wrong of [
      "",
      "done",
      "null",
      "3",
      '{"seconds": "fast", "megabytes": 1, "quality": 1}',
      '{"seconds": 0, "megabytes": 1, "quality": 1}',
      '{"seconds": 1, "quality": 1}',
      `${line}\ngoodbye`,
    ]
  ) {
    const error = assertThrows(() => parseMeasurement(wrong), UserError);
    assertStringIncludes(error.message, "Cannot read a measurement");
    assertStringIncludes(error.next!, "last line");
  }
});

Deno.test("bench: a run replaces its suite's rows of the same size and keeps all others", () => {
  const old = [
    { ...row, name: "gone", time_ratio: 1 },
    { ...row, time_ratio: 1 },
    { ...row, rows: 100_000 },
    { ...row, suite: "serve" },
  ];
  const merged = mergeRows(old, [{ ...row, time_ratio: 7 }, { ...row, suite: "drift" }]);
  assertEquals(
    merged.map(({ suite, name, rows, time_ratio }) => [suite, name, rows, time_ratio]),
    [
      ["learners", "RandomForest fit", 10_000, 7],
      ["learners", "RandomForest fit", 100_000, 6],
      ["serve", "RandomForest fit", 10_000, 6],
      ["drift", "RandomForest fit", 10_000, 6],
    ],
  );
  assertEquals(mergeRows([], [row]), [row]);
  assertEquals(mergeRows([row], []), [row]);
  const some = [{ ...row, name: "a fit" }, { ...row, name: "b fit" }, { ...row, name: "c" }];
  const anew = { ...row, name: "a fit", time_ratio: 9 };
  assertEquals(mergeRows(some, [anew], "a "), [anew, some[1], some[2]]);
});

Deno.test("bench: results that cannot be read are refused, missing ones are none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assertEquals(await readRows(`${folder}/none.json`), []);
    for (const wrong of ["", "{}", "[1]"]) {
      await Deno.writeTextFile(`${folder}/wrong.json`, wrong);
      await assertRejects(() => readRows(`${folder}/wrong.json`), DataError, "Cannot read");
    }
    await Deno.writeTextFile(`${folder}/right.json`, JSON.stringify([row]));
    assertEquals(await readRows(`${folder}/right.json`), [row]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("bench: a target is reached by time, memory and quality together", () => {
  const judge = (change: Partial<BenchRow>, others: BenchRow[] = []) => {
    const judged = { ...row, ...change };
    return verdict(judged, [judged, ...others], [suite])!;
  };
  assertEquals(judge({}).reached, true);
  assertStringIncludes(judge({ time_ratio: 4.99 }).text, "not reached");
  assertStringIncludes(judge({ time_ratio: 4.99 }).text, "(time)");
  assertStringIncludes(judge({ ours_mb: 150 }).text, "(memory)");
  assertStringIncludes(judge({ peer_mb: null }).text, "(memory unknown)");
  assertStringIncludes(judge({ ours_quality: 0.69 }).text, "(quality)");
  assertStringIncludes(judge({ peer_quality: null }).text, "(quality unknown)");
  const misses = judge({ time_ratio: 1, ours_mb: 300 }).text;
  assertStringIncludes(misses, "(time, memory)");
  // Another peer of the same case is better still; one of another size does not count.
  const better = { ...row, peer: "another", peer_quality: 0.8 };
  assertEquals(judge({}, [better]).reached, false);
  assertEquals(judge({}, [{ ...better, rows: 7 }]).reached, true);
  assertEquals(verdict({ ...row, name: "unknown" }, [row], [suite]), undefined);
  assertEquals(verdict({ ...row, suite: "unknown" }, [row], [suite]), undefined);
});

Deno.test("bench: the table names day, cores, versions, and what is not reached", () => {
  const slow = {
    ...row,
    ...{ rows: 1_000_000, time_ratio: 2, ours_s: 123.4, peer_s: 0.0123, date: "2026-01-03" },
  };
  const bare = {
    ...row,
    ...{ suite: "runner", ours_mb: null, quality_name: null, ours_quality: null },
    ...{ peer_quality: null, peer_version: "kedro 1.0.0, dvc 3.0.0" },
  };
  const table = benchMarkdown([row, slow, bare], [suite]);
  const lines = table.trimEnd().split("\n");
  assertStringIncludes(lines[0], "2026-01-02, 2026-01-03 on 2 cores");
  assertStringIncludes(lines[0], "dvc 3.0.0, kedro 1.0.0, scikit-learn 1.9.1");
  assertEquals(lines.length, 2 + 2 + 3);
  const widths = lines.slice(2).map((line) => line.split("|").length);
  assertEquals(new Set(widths).size, 1);
  assertStringIncludes(lines[4], "| 10,000 | scikit-learn | 500 ms | 3.00 s | 6.00 |");
  assertStringIncludes(lines[4], "| 100 / 300 MB | macro-F1 0.7000 / 0.7040 | ≥ 5: reached |");
  assertStringIncludes(lines[5], "| 123 s | 12.3 ms | 2.00 |");
  assertStringIncludes(lines[5], "| ≥ 5: not reached (time) |");
  assertStringIncludes(lines[6], "| 6.00 | – | – | – |");
  assertStringIncludes(benchMarkdown([], []), "Nothing has been measured");
});

Deno.test("bench: the table goes between the markers of a page, again and again", () => {
  const page = "# Title\n\n<!-- bench:start -->\nold | table\n<!-- bench:end -->\n\nMore.\n";
  const once = intoPage(page, "new table\n");
  assertEquals(
    once,
    "# Title\n\n<!-- bench:start -->\n\n<!-- deno-fmt-ignore-start -->\n\nnew table\n\n" +
      "<!-- deno-fmt-ignore-end -->\n\n<!-- bench:end -->\n\nMore.\n",
  );
  assertEquals(intoPage(once, "new table\n"), once);
  for (
    const wrong of [
      "no markers",
      "<!-- bench:start -->",
      "<!-- bench:end --> <!-- bench:start -->",
      page + page,
    ]
  ) {
    const error = assertThrows(() => intoPage(wrong, "x"), UsageError);
    assertStringIncludes(error.next!, "<!-- bench:start -->");
  }
});

Deno.test("bench: the page shows each suite and how cost grows where there are sizes", async () => {
  const one = await benchPage([row], [suite]);
  assertStringIncludes(one, "What learns.");
  assertStringIncludes(one, "A target is reached in 1 of 1 rows");
  assert(!one.includes("how cost grows"));
  const two = await benchPage([row, { ...row, rows: 100_000, ours_s: 5, peer_s: 40 }], [suite]);
  assertStringIncludes(two, "how cost grows with rows");
  assertStringIncludes(two, "ours 10,000 rows 500 ms, 100,000 rows 5.00 s; scikit-learn");
});

Deno.test("bench: a ratio fell by more than 15 %, of two measurements the better counts", () => {
  const at = (time_ratio: number, name = "fit") => ({ ...row, name, time_ratio });
  const earlier = [at(10), at(4, "predict")];
  assertEquals(fallsOf([at(8.51), at(1, "new")], earlier), []);
  assertEquals(fallsOf([at(8.49)], earlier), [{ row: at(8.49), before: 10 }]);
  // Another size, or another peer, is another case.
  assertEquals(fallsOf([{ ...at(1), rows: 5 }, { ...at(1), peer: "B" }], earlier), []);
  const better = betterOf([at(8), at(5, "predict")], [at(9), at(3, "predict")]);
  assertEquals(better, [at(9), at(5, "predict")]);
});
