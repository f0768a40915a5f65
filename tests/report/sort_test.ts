import { assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { page } from "../../src/report/mod.ts";

/** A browser to run the page's own script in. */
const browser = ["chromium", "chromium-browser", "google-chrome"].find((name) => {
  try {
    return new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
});

/** First cells of the rows and states of the heads after each press on one of `columns`. */
async function afterPresses(text: string, columns: readonly number[]): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const presses = `<script>
      document.body.dataset.found = ${JSON.stringify(columns)}.map((column) => {
        document.querySelectorAll("th button")[column].click();
        return [
          ...[...document.querySelectorAll("tbody tr")].map((row) => row.cells[0].textContent),
          ...[...document.querySelectorAll("th")].map((th) => th.getAttribute("aria-sort") ?? "none"),
        ].join(" ");
      }).join(";");
    </script></body>`;
    const path = join(folder, "page.html");
    await Deno.writeTextFile(path, text.replace("</body>", () => presses));
    const { stdout } = await new Deno.Command(browser ?? "", {
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        `--user-data-dir=${join(folder, "profile")}`,
        "--dump-dom",
        toFileUrl(path).href,
      ],
      stderr: "null",
    }).output();
    const found = new TextDecoder().decode(stdout).match(/data-found="([^"]*)"/)?.[1] ?? "";
    return found.split(";");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
