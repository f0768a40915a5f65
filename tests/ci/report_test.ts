/** What `.ci/run` makes of the tests' results: nothing is left out in silence. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const report = fromFileUrl(import.meta.resolve("../../.ci/report.ts"));
const rules = `# a comment
needs chromium|in a browser | chromium | no Chromium here
\\(--full\\) | always | a long form
`;
const passed = (name: string) => `<testcase name="${name}" time="0.5"></testcase>`;
const failed = (name: string) => `<testcase name="${name}"><failure message="no"/></testcase>`;
const skipped = (name: string) => `<testcase name="${name}"><skipped/></testcase>`;

/** The end of what is printed and the code, for tests that ran, ran again, and what is missing. */
async function reported(
  cases: readonly string[],
  { again = [], missing = [], skips = rules }: {
    readonly again?: readonly string[];
    readonly missing?: readonly string[];
    readonly skips?: string;
  } = {},
) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, ".ci"));
    await Deno.writeTextFile(join(folder, ".ci/skips.txt"), skips);
    const suite = (file: string, some: readonly string[]) =>
      Deno.writeTextFile(
        join(folder, file),
        `<testsuites><testsuite name="./tests/a_test.ts">${some.join("")}</testsuite></testsuites>`,
      );
    await Promise.all([suite("first", cases), suite("second", []), suite("again", again)]);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-read", report, "first", "second", "again", ...missing],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const lines = text(stdout).trimEnd().split("\n");
    return { code, last: lines.at(-1), told: lines.at(-2), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
