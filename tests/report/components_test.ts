import { assert, assertEquals } from "@std/assert";
import {
  bandFigure,
  categoriesOverlayFigure,
  numbersOverlayFigure,
  page,
  sparkline,
} from "../../src/report/mod.ts";

const overlay = {
  was: "reference",
  is: "current",
  reference: [0.5, 0.3, 0.2],
  current: [0.2, 0.3, 0.5],
};

Deno.test("report: a sparkline has both distributions on one scale, hidden from readers", () => {
  const { text } = sparkline([0.5, 0.5], [0, 1]);
  assert(text.includes('aria-hidden="true"') && text.length < 300, text);
  // The tallest of both reaches the top, the empty bin the ground.
  assertEquals(text.match(/class="is" d="([^"]*)"/)?.[1], "M0 21H44V2H88");
  assertEquals(text.match(/class="was" d="([^"]*)"/)?.[1], "M0 11.5H44V11.5H88V22H0Z");
  assert(!sparkline([0], [0]).text.includes("NaN"));
});

Deno.test("report: an overlay names its open bins and what gained and lost most", () => {
  const open = numbersOverlayFigure("Age", [20, 40], overlay);
  assertEquals(open.data[0].customdata, ["up to 20", "20 to 40", "above 40"]);
  assertEquals(
    open.description,
    "Age, reference to current: most gained by above 40 from 20.0 to 50.0 %, " +
      "most lost by up to 20 from 50.0 to 20.0 %",
  );
  const closed = numbersOverlayFigure("Age", [0, 20, 40, 60], overlay);
  assertEquals(closed.data[0].customdata, ["0 to 20", "20 to 40", "40 to 60"]);
  const one = numbersOverlayFigure("Age", [], { ...overlay, reference: [1], current: [1] });
  assertEquals(one.data[0].customdata, ["all values"]);
  assertEquals(one.description, "Age: the same in reference and current");
});

Deno.test("report: categories stand in their order from the top, the reference first", () => {
  const { data, layout } = categoriesOverlayFigure("Job", ["<b>", "Doctor", "Lawyer"], overlay);
  assertEquals(data.map(({ name }) => name), ["current", "reference"]);
  assertEquals((layout.yaxis as { ticktext: string[] }).ticktext, ["Lawyer", "Doctor", "&lt;b>"]);
  assertEquals(data[1].x, [0.2, 0.3, 0.5]);
});

Deno.test("report: a band marks what is outside of the usual and skips what is unknown", () => {
  const figure = bandFigure("AUC over time", "AUC", {
    x: ["a", "b", "c"],
    y: [0.8, NaN, 0.5],
    around: { low: [0.7, NaN, 0.4], high: [0.9, NaN, 0.6] },
    usual: { value: 0.8, low: 0.7, high: 0.9 },
  });
  const line = figure.data[2] as { y: unknown[]; marker: { symbol: string[] } };
  assertEquals(line.y, [0.8, null, 0.5]);
  assertEquals(line.marker.symbol, ["circle", "circle", "diamond"]);
  assertEquals(
    figure.description,
    "AUC over time: from 0.8 to 0.5, 1 of 3 slices outside of what is usual",
  );
});

Deno.test("report: details have an id that links lead to, and their figures a place", async () => {
  const figure = numbersOverlayFigure("Age", [20, 40], overlay);
  const text = await page("Page", "Lead", [{
    title: "Columns",
    table: {
      head: ["Column", "Share", "", "Verdict"],
      rows: [[
        { text: "Age<", to: "age" },
        { text: "12 %", value: 0.12 },
        sparkline([1], [1]),
        { text: "high", tone: "bad", order: 3 },
      ]],
    },
    details: [{ id: "age", title: "Age<", summary: "moved", figures: [figure] }],
  }], "bad");
  assert(text.includes('<a href="#age">Age&lt;</a>'));
  assert(text.includes('<td class="number" data-value="0.12">12 %</td>'));
  assert(text.includes('<td class="mark bad" data-value="3">high</td>'));
  assert(/<details id="age">\s*<summary>Age&lt;<span>moved<\/span>/.test(text));
  assert(text.includes('class="lead bad"') && text.includes("min-height:340px"));
});
