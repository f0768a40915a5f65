import { assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { barFigure, page } from "../../src/report/mod.ts";

/** A browser to run the page's own script in. */
const browser = ["chromium", "chromium-browser", "google-chrome"].find((name) => {
  try {
    return new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
});

/** What a script at the end of a page leaves in `document.body.dataset.found`. */
async function foundBy(
  script: string,
  text: string,
  flags: readonly string[] = [],
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "page.html");
    const added = `<script>${script}</script></body>`;
    await Deno.writeTextFile(path, text.replace("</body>", () => added));
    const { stdout } = await new Deno.Command(browser ?? "", {
      args: [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", ...flags],
        `--user-data-dir=${join(folder, "profile")}`,
        "--dump-dom",
        toFileUrl(path).href,
      ],
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).match(/data-found="([^"]*)"/)?.[1] ?? "";
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** First cells of the rows and states of the heads after each press on one of `columns`. */
async function afterPresses(text: string, columns: readonly number[]): Promise<string[]> {
  const script = `document.body.dataset.found = ${JSON.stringify(columns)}.map((column) => {
    document.querySelectorAll("th button")[column].click();
    return [
      ...[...document.querySelectorAll("tbody tr")].map((row) => row.cells[0].textContent),
      ...[...document.querySelectorAll("th")].map((th) => th.getAttribute("aria-sort") ?? "none"),
    ].join(" ");
  }).join(";");`;
  return (await foundBy(script, text)).split(";");
}

Deno.test({
  name: "report: a press on a head sorts its column, numbers by value, in a browser",
  ignore: browser === undefined,
  async fn() {
    const text = await page("Page", "Lead", [{
      title: "Scores",
      table: {
        head: ["Name", "Rows"],
        rows: [["b10", 1200], ["b9", NaN], ["a", 30], ["c", 30.5]],
      },
    }]);
    assertEquals(await afterPresses(text, [1, 1, 0]), [
      "a c b10 b9 none ascending",
      "b10 c a b9 none descending",
      "a b9 b10 c ascending none",
    ]);
  },
});

Deno.test({
  name: "report: a wide table fits, and figures are drawn without a reader, in a browser",
  ignore: browser === undefined,
  async fn() {
    const names = ["ROC AUC", "Average Precision", "Log Loss", "Brier", "F1 Macro", "Accuracy"];
    const more = ["Precision Macro", "Recall Macro", "F1", "Training ROC AUC"];
    const figure = barFigure("Bars", "Length", [{ label: "one", value: 1 }]);
    const text = await page("Page", "Lead", [{
      title: "Combinations",
      table: {
        head: ["Combination", ...names, ...more],
        rows: [["SMOTE_GradientBoosting", ...[...names, ...more].map((_, i) => i / 11)]],
      },
      figures: Array.from({ length: 8 }, () => figure),
    }]);
    const script = `addEventListener("load", () => {
      const look = () => {
        const { scrollWidth, clientWidth } = document.querySelector(".scroll");
        const drawn = document.querySelectorAll(".figure.js-plotly-plot").length;
        document.body.dataset.found = [scrollWidth - clientWidth, drawn].join(" ");
        if (drawn < 8) setTimeout(look, 50);
      };
      look();
    });`;
    const flags = ["--window-size=1280,800", "--virtual-time-budget=20000"];
    assertEquals(await foundBy(script, text, flags), "0 8");
  },
});
