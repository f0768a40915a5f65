import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  barFigure,
  boxFigure,
  calibrationFigure,
  confusionFigure,
  distributionsFigure,
  dotFigure,
  type Figure,
  figureSvg,
  heatmapFigure,
  histogramFigure,
  lineFigure,
  scatterFigure,
  shapBarFigure,
  shapSummaryFigure,
} from "../../src/report/mod.ts";
import { roundTicks } from "../../src/report/svg/ticks.ts";

const hostile = `<script>"1" & 2</script>`;

/** Attributes of all elements of one name, the white ground of the drawing left out. */
function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}((?: [\\w-]+="[^"]*")*)`, "g"))]
    .map(([, written]) =>
      Object.fromEntries(
        [...written.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      )
    ).filter(({ fill }) => name !== "rect" || fill !== "#ffffff");
}

/** Texts of a drawing. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

Deno.test("figure svg: bars are as long as their values, in their order", () => {
  const svg = figureSvg(barFigure("Rows", "Count", [
    { label: "Poor", value: 30 },
    { label: "Good", value: 15 },
  ]));
  const [good, poor] = elements(svg, "rect");
  assertAlmostEquals(Number(poor.width) / Number(good.width), 2, 0.01);
  assert(Number(poor.y) < Number(good.y), "the first bar is on top");
  assert(texts(svg).includes("Poor") && texts(svg).includes("Count"));
});

Deno.test("figure svg: close values stand apart as dots, with their errors", () => {
  const svg = figureSvg(dotFigure("Scores", "F1", [
    { label: "best", value: 0.75, error: 0.002 },
    { label: "next", value: 0.74, error: 0.002 },
  ]));
  const ends = elements(svg, "path").filter(({ stroke }) => stroke === "#1f2328")
    .map(({ d }) => /^M(\S+) \S+L(\S+) /.exec(d)!.slice(1).map(Number));
  assertEquals(ends.length, 2);
  const [next, best] = ends;
  assert(next[1] < best[0], "the errors do not overlap");
  assert(best[0] - next[1] > (best[1] - best[0]), "the gap is wider than an error");
});

Deno.test("figure svg: stacked bars begin where the one before ends", () => {
  const svg = figureSvg(shapBarFigure("SHAP", {
    features: ["Age"],
    rows: 1,
    outputs: [{ label: "Poor", shap: [2] }, { label: "Good", shap: [1] }],
  }));
  const [first, second] = elements(svg, "rect");
  assertAlmostEquals(Number(first.x) + Number(first.width), Number(second.x), 0.15);
  assertAlmostEquals(Number(first.width) / Number(second.width), 2, 0.01);
});

Deno.test("figure svg: a line goes through its points, left to right and bottom to top", () => {
  const svg = figureSvg(
    lineFigure("Line", { x: "x", y: "y" }, [{ label: "a", x: [0, 1, 2], y: [0, 1, 2] }]),
  );
  const line = elements(svg, "path").find(({ fill, stroke }) =>
    fill === "none" && stroke === "#3b76c4"
  );
  const places = [...line!.d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [+x, +y]);
  assertEquals(places.length, 3);
  assertAlmostEquals(places[1][0], (places[0][0] + places[2][0]) / 2, 0.1);
  assertAlmostEquals(places[1][1], (places[0][1] + places[2][1]) / 2, 0.1);
  assert(places[2][0] > places[0][0] && places[2][1] < places[0][1]);
});

Deno.test("figure svg: cells of a heatmap take the colours of its scale and their text", () => {
  const svg = figureSvg(heatmapFigure("Map", { x: ["a", "b"], y: ["c"], z: [[0, 1]] }, {
    format: ".1%",
  }));
  const cells = elements(svg, "rect").slice(0, 2);
  assertEquals(cells.map(({ fill }) => fill), ["#f2f5f9", "#1d4f96"]);
  assert(texts(svg).includes("0.0%") && texts(svg).includes("100.0%"));
});

Deno.test("figure svg: a box spans the quartiles, its whiskers the fences", () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  const svg = figureSvg(boxFigure("Box", "Value", [{ label: "all", values }]));
  const [body, lines] = elements(svg, "path").slice(-2);
  const heights = (d: string) => [...d.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => +y);
  const [q1, , q3] = heights(body.d);
  const [median, , , lower, , upper] = heights(lines.d);
  assertAlmostEquals((q1 - q3) / (lower - upper), 0.5, 0.01);
  assertAlmostEquals(median, (q1 + q3) / 2, 0.1);
});

Deno.test("figure svg: no name is markup, and every figure is bounded", () => {
  const many = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * i);
  const figures: Figure[] = [
    barFigure(hostile, hostile, [{ label: hostile, value: 1 }]),
    histogramFigure(hostile, hostile, [{ label: hostile, values: many }]),
    boxFigure(hostile, hostile, [{ label: hostile, values: many }]),
    scatterFigure(hostile, { x: hostile, y: hostile }, [{ label: hostile, x: many, y: many }]),
    lineFigure(hostile, { x: hostile, y: hostile }, [{ label: hostile, x: many, y: many }]),
    heatmapFigure(hostile, { x: [hostile], y: [hostile], z: [[NaN]] }),
    distributionsFigure(hostile, [
      { name: hostile, values: many },
      { name: hostile, counts: [[hostile, 3]] },
    ]),
    confusionFigure(hostile, [hostile], [[1]]),
    calibrationFigure(hostile, [
      { label: hostile, bins: [{ predicted: 0.5, observed: 0.5, rows: 9 }] },
    ]),
    shapSummaryFigure(hostile, { features: [hostile], rows: 20_000, shap: many, values: many }),
  ];
  for (const figure of figures) {
    const svg = figureSvg(figure);
    assert(!svg.includes("<script"), svg.slice(0, 500));
    assert(!svg.includes("NaN"), svg.slice(0, 2_000));
    assert(svg.length < 100_000, `${svg.length} bytes`);
    assertStringIncludes(svg, "<title>&lt;script>");
  }
});

Deno.test("figure svg: a figure says how many points it leaves out", () => {
  const x = Array.from({ length: 10_000 }, (_, i) => i);
  const { data, layout } = scatterFigure("Points", { x: "a", y: "b" }, [{ label: "l", x, y: x }]);
  assertEquals((data[0].x as number[]).length, 2_000);
  assertStringIncludes(JSON.stringify(layout.title), "8,000 of 10,000 points left out");
});

Deno.test("figure svg: a trace of another kind is named, not drawn wrongly", () => {
  const svg = figureSvg({
    data: [{ type: "pie", values: [1, 2] }],
    layout: { title: { text: "Pie" } },
    description: "a pie",
  });
  assertStringIncludes(svg, "Not drawn here: pie");
});

Deno.test("figure svg: ticks are round numbers within the range", () => {
  assertEquals(roundTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assertEquals(roundTicks(-3.2, 7.9, 4), [0, 5]);
  assertEquals(roundTicks(0, 2, 6, 1), [0, 1, 2]);
  assertEquals(roundTicks(0.1, 0.35, 5), [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
});

Deno.test("histogram: whole numbers fall into bins of whole width", () => {
  const values = Array.from({ length: 43 * 10 }, (_, i) => 14 + i % 43);
  const { data } = histogramFigure("Age", "Years", [{ label: "Age", values }], 60);
  assertEquals(data[0].width, 1);
  assertEquals(new Set(data[0].y as number[]), new Set([10]));
});
