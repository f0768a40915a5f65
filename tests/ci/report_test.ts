/** What `.ci/run` makes of the results of tests and checks: nothing is left out in silence. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ci = fromFileUrl(import.meta.resolve("../../.ci"));
const rules = `# a comment
needs chromium|in a browser | chromium | no Chromium here
\\(--full\\) | always | a long form
`;
const passed = (name: string) => `<testcase name="${name}" time="0.5"></testcase>`;
const failed = (name: string) => `<testcase name="${name}"><failure message="no"/></testcase>`;
const skipped = (name: string) => `<testcase name="${name}"><skipped/></testcase>`;

/** Runs a script of `.ci` in a folder with these files. */
async function run(
  script: string,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  input = "",
) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, ".ci"));
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text.replaceAll("$PWD", folder));
    }
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-read", join(ci, script), ...args],
      cwd: folder,
      env: { NO_COLOR: "1" },
      ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
    }).spawn();
    await new Blob([input.replaceAll("$PWD", folder)]).stream().pipeTo(child.stdin);
    const { code, stdout, stderr } = await child.output();
    const [lines, error] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes).trimEnd()
    );
    return { code, lines: lines.split("\n"), error };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The end of what is printed and the code, for tests that ran, ran again, and what is missing. */
async function reported(
  cases: readonly string[],
  { again = [], checks = "", missing = [], skips = rules }: {
    readonly again?: readonly string[];
    readonly checks?: string;
    readonly missing?: readonly string[];
    readonly skips?: string;
  } = {},
) {
  const suite = (some: readonly string[]) =>
    `<testsuites><testsuite name="./tests/a_test.ts">${some.join("")}</testsuite></testsuites>`;
  const files = { first: suite(cases), second: suite([]), again: suite(again), checks };
  const { code, lines, error } = await run(
    "report.ts",
    [...Object.keys(files), ...missing],
    { ...files, ".ci/skips.txt": skips },
  );
  return { code, last: lines.at(-1), told: lines.at(-2), stderr: error };
}

Deno.test("report: a skip counts as failed unless a rule allows it, by what is missing", async () => {
  const cases = [passed("one"), skipped("page in a browser &amp; offline"), skipped("x (--full)")];
  const { code, last, told } = await reported(cases);
  assertEquals([code, last], [1, "1 passed, 1 failed, 1 skipped"]);
  assertEquals(
    told,
    "skipped, and .ci/skips.txt does not allow it: page in a browser & offline",
  );
  const without = await reported(cases, { missing: ["prometheus", "chromium"] });
  assertEquals([without.code, without.last], [0, "1 passed, 0 failed, 2 skipped"]);
  const unknown = await reported([passed("one"), skipped("two")], { missing: ["chromium"] });
  assertEquals([unknown.code, unknown.last], [1, "1 passed, 1 failed, 0 skipped"]);
});

Deno.test("report: what failed and passed alone is named; nothing run is no success", async () => {
  const cases = [failed("one"), failed("two")];
  const { code, last, told } = await reported(cases, { again: [passed("one"), failed("two")] });
  assertEquals([code, last], [1, "1 passed, 1 failed, 0 skipped"]);
  assertEquals(told, "failed beside others and passed alone: ./tests/a_test.ts => one");
  const again = await reported(cases, { again: [passed("one"), passed("two")] });
  assertEquals([again.code, again.last], [0, "2 passed, 0 failed, 0 skipped"]);
  assertEquals((await reported([])).code, 1);
  const silent = await reported([passed("one")], { skips: "two | always | \n" });
  assertEquals(silent.code, 1);
  assertStringIncludes(silent.stderr, "gives no reason");
});

Deno.test("report: what passed beside others and failed alone has failed", async () => {
  const found = await reported([passed("one"), failed("two")], {
    again: [failed("one"), passed("two")],
  });
  assertEquals([found.code, found.last], [1, "1 passed, 1 failed, 0 skipped"]);
});

Deno.test("report: each check that failed is named and counted, in the last line alone", async () => {
  const cases = [passed("one"), failed("two")];
  const checks = "src/table: 89.3 % of 977 lines, below its floor of 90 %\nthe checks: see above\n";
  const { code, last, told } = await reported(cases, { checks });
  assertEquals([code, last], [1, "1 passed, 3 failed, 0 skipped"]);
  assertEquals(told, "failed: the checks: see above");
  const one = await reported([passed("one")], { checks: checks.split("\n")[0] });
  assertEquals([one.code, one.last], [1, "1 passed, 1 failed, 0 skipped"]);
  assertEquals(one.told, "failed: src/table: 89.3 % of 977 lines, below its floor of 90 %");
});

Deno.test("coverage: a room below its floor is named, also one of which nothing was measured", async () => {
  const record = (file: string, lines: readonly number[]) =>
    `SF:$PWD/${file}\n${
      lines.map((times, i) => `DA:${i + 1},${times}`).join("\n")
    }\nend_of_record\n`;
  const found = record("src/near/a.ts", [1, 1, 0, 5]) + record("src/near/b.ts", [1, 0]) +
    record("src/far/a.ts", [1, 0]) + record("src/free/a.ts", [0]) + record("tests/a_test.ts", [0]);
  const floors = (near: number) => ({
    ".ci/coverage_floors.txt": `# a comment\nsrc/near | ${near}\nsrc/far | 51\nsrc/gone | 1\n`,
  });
  const near = "src/near: 66.7 % of 6 lines";
  const free = "src/free: 0.0 % of 1 lines (no floor)";
  const good = await run("coverage.ts", ["near", "free"], floors(66), found);
  assertEquals([good.code, ...good.lines], [
    ...[0, free, `${near} (floor 66 %)`],
    "coverage: 57.1 % of 7 lines",
  ]);
  const low = await run("coverage.ts", ["near", "free"], floors(67), found);
  assertEquals([low.code, low.lines[1]], [1, `${near}, below its floor of 67 %`]);
  const all = await run("coverage.ts", [], floors(66), found);
  assertEquals([all.code, ...all.lines], [
    ...[1, "src/far: 50.0 % of 2 lines, below its floor of 51 %", free],
    "src/gone: 0.0 % of 0 lines, below its floor of 1 %",
    ...[`${near} (floor 66 %)`, "coverage: 55.6 % of 9 lines"],
  ]);
  assertEquals((await run("coverage.ts", ["none"], floors(66), found)).code, 1);
});
