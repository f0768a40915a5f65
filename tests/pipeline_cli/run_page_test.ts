import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunRecord, UnitRecord } from "../../src/pipeline/mod.ts";
import { runPage } from "../../src/pipeline_cli/view/run_page.ts";
import { Project } from "../pipeline/project.ts";

function unit(step: string, rest: Partial<UnitRecord> = {}): UnitRecord {
  return { step, status: "ran", startedAfter: 0, seconds: 1, metrics: {}, ...rest };
}

const record: RunRecord = {
  run: "demo_1",
  pipeline: "demo",
  params: { folds: 5, note: "<b>&" },
  changed: ["note"],
  startedAt: "2026-01-31T09:30:00.000Z",
  status: "failed",
  seconds: 4,
  deno: "2.9.6",
  wiring: [
    { name: "source", kind: "file", sources: [] },
    { name: "unused", kind: "resource", sources: [] },
    { name: "load", kind: "step", sources: ["source"] },
    { name: "part", kind: "each", items: 2, sources: ["load"] },
    { name: "end", kind: "step", sources: ["part"] },
  ],
  units: [
    unit("load", { status: "cached", seconds: 0 }),
    unit("part", { item: "<a>", metrics: { auc: 0.75 }, artifact: { digest: "d1", bytes: 2500 } }),
    unit("part", { item: "b", status: "failed", startedAfter: 1, seconds: 3, error: "x < y" }),
  ],
};
const link = (digest: string) => `../objects/${digest}`;

Deno.test("run page: status, parameters, graph, bars, metrics, outputs, errors", () => {
  const page = runPage(record, link);
  assertStringIncludes(page, '<span class="status failed">failed</span>');
  assertStringIncludes(page, "<dt>Changed parameters</dt><dd>note=&lt;b&gt;&amp;</dd>");
  assertStringIncludes(page, '<p class="error">part[b]: x &lt; y</p>');
  assertMatch(page, /<g class="failed each">\s*<title>part × 2</);
  assertMatch(page, /<g class="cached step">\s*<title>load</);
  assertMatch(page, /<g class=" step">\s*<title>end<[^]*?not run/);
  assertStringIncludes(page, '<div class="bar failed" style="left:25.00%;width:75.00%"');
  assertMatch(page, /<td>part\[&lt;a&gt;\]<\/td><td>auc<\/td><td><span class="number">0\.7500</);
  assertStringIncludes(page, '<a href="../objects/d1"><code>d1</code></a>');
  assert(!page.includes("NaN") && !page.includes("Infinity"), page);
});

Deno.test("run page: loads nothing, and ten thousand items keep it small", () => {
  const units = Array.from(
    { length: 10_000 },
    (_, i) =>
      unit("part", { item: `${i}`, startedAfter: i / 100, seconds: 0.02, metrics: { n: i } }),
  );
  const page = runPage({ ...record, seconds: 101, units: [...units, unit("end")] }, link);
  assert(page.length < 200_000, `${page.length} characters`);
  assert(!/(src|href)="https?:|@import|url\(/.test(page), "the page loads something");
  assertStringIncludes(page, "<div>part × 10000</div>");
  assertEquals(page.match(/<div class="bar/g)?.length, 2);
  assertMatch(page, /<tr><td>end<\/td>/); // not lost behind the items
  assertStringIncludes(page, "<p>and 9701 more</p>");
});

Deno.test("run page: show --html writes it for any run of the history", async () => {
  await using project = await Project.create({
    "pipelines/small.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("small", { description: "", params: z.object({}) }, ({ step }) => {
  const one = step("one", () => 1);
  step("two", { one }, ({ one }, { metric }) => metric("two", one + 1));
});`,
  });
  await project.run("small", "--quiet");
  await project.run("small", "--quiet");
  const { code, stdout } = await project.run("show", "latest~1", "--html");
  assertEquals(code, 0);
  assertMatch(stdout, /^reports\/run_small_\w+\.html\n$/);
  const page = await Deno.readTextFile(project.path(stdout.trim()));
  assertMatch(page, /<g class="ran step">\s*<title>two</);
  const links = [...page.matchAll(/href="([^"]+)"/g)].map((match) => match[1]);
  assertEquals(links.length, 2);
  for (const address of links) await Deno.stat(project.path("reports", address));
});
