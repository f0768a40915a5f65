import { assert, assertEquals } from "@std/assert";
import { barFigure, confusionFigure, page } from "../../src/report/mod.ts";

Deno.test("report: what is not markup is escaped, in text, tables and scripts", async () => {
  const hostile = "</script><b>&'\"";
  const figure = barFigure(hostile, "share", [{ label: hostile, value: 1 }]);
  const text = await page(hostile, hostile, [
    {
      title: hostile,
      text: hostile,
      table: { head: [hostile], rows: [[hostile]] },
      figures: [figure],
    },
  ]);
  assert(!text.includes("<b>"));
  // One end for each of the two scripts of the page: none slipped in.
  assertEquals(text.match(/<\/script>/g)?.length, 2);
});

Deno.test("report: the library is put in once, and only where there is a figure", async () => {
  const figure = barFigure("Scores", "F1", [{ label: "a", value: 0.5 }]);
  const plain = await page("Plain", "Nothing to draw", [{ title: "Text", text: "Words" }]);
  const drawn = await page("Drawn", "Two", [{ title: "Figures", figures: [figure, figure] }]);
  assert(plain.length < 5_000);
  assert(drawn.length > 1_000_000 && drawn.length < 2_000_000);
});

Deno.test("report: a page loads nothing from elsewhere", async () => {
  const text = await page("Page", "Lead", [{
    title: "Text",
    table: { head: ["n"], rows: [[1234.5]] },
  }]);
  assertEquals(text.match(/(?:src|href)=/g), null);
  assert(text.includes('<td class="number" data-value="1234.5">1234.5000</td>'));
});

Deno.test("report: a confusion figure shows shares of true classes beside counts", () => {
  const figure = confusionFigure("Confusion", ["Poor", "Good"], [[3, 1], [0, 0]]);
  assertEquals(figure.data[0].z, [[0.75, 0.25], [0, 0]]);
  assertEquals(figure.data[0].text, [[3, 1], [0, 0]]);
  assertEquals(figure.description, "Confusion: 75.0 % of Poor found, 0.0 % of Good found");
});
