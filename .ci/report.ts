/**
 * Reads what the tests left (JUnit XML) and prints `N passed, N failed, N skipped`. A skipped test
 * that `.ci/skips.txt` does not allow counts as failed, so that nothing is left out in silence.
 *
 *     deno run --allow-read .ci/report.ts --failed JUNIT_FILE SECOND_FILE
 *     deno run --allow-read .ci/report.ts JUNIT_FILE SECOND_FILE AGAIN_FILE CHECKS_FILE [MISSING…]
 *
 * The first form prints the files with tests that failed. AGAIN_FILE is what those left when they
 * ran a second time, alone: a test that passes then failed for want of time or of a machine to
 * itself; it counts as passed, and is named; one that fails then has failed. Each line of
 * CHECKS_FILE tells a check beside the tests that failed, as a room below its floor of coverage,
 * and counts as one. MISSING are the prerequisites that this machine has not, as `chromium`.
 */

interface Rule {
  readonly name: RegExp;
  /** `always`, or the prerequisite without which the test may be skipped. */
  readonly when: string;
}

async function readRules(path: string): Promise<Rule[]> {
  const lines = (await Deno.readTextFile(path)).split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.startsWith("#")).map((line) => {
    const [name, when, why] = line.split(" | ");
    if (!why?.trim()) throw new Error(`Cannot read ${path}: "${line}" gives no reason`);
    return { name: new RegExp(name), when };
  });
}

const entities: Record<string, string> = {
  ...{ quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" },
};

function plain(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (whole, decimal, hex, name) =>
      name !== undefined
        ? entities[name] ?? whole
        : String.fromCodePoint(decimal !== undefined ? Number(decimal) : parseInt(hex, 16)),
  );
}

interface TestCase {
  readonly file: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly seconds: number;
}

async function readCases(path: string): Promise<TestCase[]> {
  const xml = await Deno.readTextFile(path);
  const suites = xml.matchAll(/<testsuite name="([^"]*)"[^>]*>([\s\S]*?)<\/testsuite>/g);
  return [...suites].flatMap(([, file, tests]) =>
    [...tests.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
      ([, head, body = ""]): TestCase => ({
        file: plain(file),
        name: plain(/name="([^"]*)"/.exec(head)![1]),
        outcome: /<(failure|error)\b/.test(body)
          ? "failed"
          : /<skipped\b/.test(body)
          ? "skipped"
          : "passed",
        seconds: Number(/time="([\d.]+)"/.exec(head)?.[1] ?? 0),
      }),
    )
  );
}

/** The files to run for the tests of a file: itself, or of a suite the test files that import it. */
async function runnable(file: string): Promise<string[]> {
  if (/_test\.tsx?$/.test(file)) return [file];
  const found: string[] = [];
  const name = file.split("/").at(-1)!;
  const look = async (folder: string) => {
    for await (const { name: entry, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${entry}`;
      if (isDirectory) await look(path);
      else if (
        entry.endsWith("_test.ts") && (await Deno.readTextFile(path)).includes(`/${name}"`)
      ) {
        found.push(path);
      }
    }
  };
  await look("./tests");
  return found;
}

function print(lines: readonly string[]): Promise<void> {
  return new Blob(lines.map((line) => line + "\n")).stream().pipeTo(Deno.stdout.writable);
}

if (Deno.args[0] === "--failed") {
  const cases = (await Promise.all(Deno.args.slice(1).map(readCases))).flat();
  const failed = new Set(
    cases.filter(({ outcome }) => outcome === "failed").map(({ file }) => file),
  );
  await print((await Promise.all([...failed].map(runnable))).flat());
  Deno.exit();
}

const [junit, second, again, checks, ...missing] = Deno.args;
const rules = await readRules(".ci/skips.txt");
const cases = (await Promise.all([junit, second].map(readCases))).flat();
const failedChecks = (await Deno.readTextFile(checks)).split("\n").filter((line) => line !== "");
const outcomesAgain = new Map(
  (await readCases(again)).map(({ file, name, outcome }) => [`${file} => ${name}`, outcome]),
);
const count = { passed: 0, failed: failedChecks.length, skipped: 0 };
const told: string[] = [];
for (const { file, name, outcome } of cases) {
  const alone = outcomesAgain.get(`${file} => ${name}`);
  if (outcome === "failed" && alone === "passed") {
    count.passed++;
    told.push(`failed beside others and passed alone: ${file} => ${name}`);
  } else if (outcome === "passed" && alone === "failed") {
    count.failed++;
    told.push(`passed beside others and failed alone: ${file} => ${name}`);
  } else if (
    outcome === "skipped" &&
    !rules.some((rule) =>
      rule.name.test(name) && (rule.when === "always" || missing.includes(rule.when))
    )
  ) {
    count.failed++;
    told.push(`skipped, and .ci/skips.txt does not allow it: ${name}`);
  } else count[outcome]++;
}

/** The files whose tests took longest, for `.ci/slow_first.txt`. */
function slowest(most: number): string[] {
  const files = Map.groupBy(cases, ({ file }) => file);
  const seconds = [...files].map(([file, tests]) => ({
    file,
    seconds: tests.reduce((sum, test) => sum + test.seconds, 0),
  }));
  return seconds.toSorted((one, other) => other.seconds - one.seconds).slice(0, most)
    .map(({ file, seconds }) => `${seconds.toFixed(1)} s in ${file}`);
}

await print([
  "the slowest files:",
  ...slowest(12),
  ...told,
  ...failedChecks.map((check) => `failed: ${check}`),
  `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
]);
Deno.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);
