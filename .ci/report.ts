/**
 * Reads what the tests left (JUnit XML) and prints `N passed, N failed, N skipped`. A skipped test
 * that `.ci/skips.txt` does not allow counts as failed, so that nothing is left out in silence.
 *
 *     deno run --allow-read .ci/report.ts JUNIT_FILE [MISSING…]
 *
 * MISSING are the prerequisites that this machine has not, as `chromium`.
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

const [junit, ...missing] = Deno.args;
const rules = await readRules(".ci/skips.txt");
const xml = await Deno.readTextFile(junit);
const count = { passed: 0, failed: 0, skipped: 0 };
const refused: string[] = [];
for (
  const [, head, body = ""] of xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)
) {
  const name = plain(/name="([^"]*)"/.exec(head)![1]);
  if (/<(failure|error)\b/.test(body)) count.failed++;
  else if (!/<skipped\b/.test(body)) count.passed++;
  else if (
    rules.some((rule) =>
      rule.name.test(name) && (rule.when === "always" || missing.includes(rule.when))
    )
  ) count.skipped++;
  else {
    count.failed++;
    refused.push(name);
  }
}
/** The files whose tests took longest, for `.ci/slow_first.txt`. */
function slowest(most: number): string[] {
  const seconds = [...xml.matchAll(/<testsuite name="([^"]*)"[^>]*>([\s\S]*?)<\/testsuite>/g)].map(
    ([, name, body]) => {
      const times = [...body.matchAll(/<testcase [^>]*?time="([\d.]+)"/g)].map(([, time]) => +time);
      return { name: plain(name), seconds: times.reduce((sum, time) => sum + time, 0) };
    },
  );
  return seconds.toSorted((one, other) => other.seconds - one.seconds).slice(0, most)
    .map(({ name, seconds }) => `${seconds.toFixed(1)} s in ${name}`);
}

const lines = [
  "the slowest files:",
  ...slowest(12),
  ...refused.map((name) => `skipped, and .ci/skips.txt does not allow it: ${name}`),
  `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
];
await new Blob([lines.join("\n") + "\n"]).stream().pipeTo(Deno.stdout.writable);
Deno.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);
