/** One self-contained HTML page: works offline, light and dark, prints well. */

import { createRequire } from "node:module";
import { type Figure, seriesColours } from "./figure.ts";
import { Html, html, scriptJson } from "./html.ts";
import { renderTable, sortScript, type TableSection } from "./table.ts";

/** A part of a page under a heading. */
export interface Section {
  /** The heading. */
  readonly title: string;
  /** Plain sentences below the heading. */
  readonly text?: string;
  /** A table. */
  readonly table?: TableSection;
  /** Figures. */
  readonly figures?: readonly Figure[];
}

/**
 * Builds a page. The plotly library (1.4 MB) is put in once, and only where
 * there is a figure.
 *
 * @param title Heading of the page.
 * @param lead What a reader in a hurry must know, in plain sentences.
 * @returns The whole page; nothing else has to be loaded.
 */
export async function page(
  title: string,
  lead: string,
  sections: readonly Section[],
): Promise<string> {
  const figures = sections.flatMap((section) => section.figures ?? []);
  const body = sections.map(renderSection);
  const sortable = sections.some(({ table }) => table !== undefined && table.rows.length > 1);
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${new Html(style)}</style>
      </head>
      <body>
    <main>
    <h1>${title}</h1>
    <p class="lead">${lead}</p>
    ${body}
    </main>
    ${sortable ? html`<script>${new Html(sortScript)}</script>` : []}
    ${figures.length > 0 ? await drawing(figures) : []}
      </body>
    </html>
  `.text;
}

function renderSection({ title, text, table, figures = [] }: Section): Html {
  return html`
    <section>
    <h2>${title}</h2>
    ${text === undefined ? [] : html`<p>${text}</p>`}
    ${table === undefined ? [] : renderTable(table)}
    ${figures.map(({ description }) =>
      html`<div class="figure" role="img" aria-label="${description}"></div>`
    )}
    </section>
  `;
}

/** The plotly library, the figures and the lines that draw them in the reader's colours. */
async function drawing(figures: readonly Figure[]): Promise<Html> {
  const library = await Deno.readTextFile(
    createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min"),
  );
  return html`<script>${new Html(library.replaceAll("</script", "<\\/script"))}</script>
<script>
const figures = ${scriptJson(figures)};
${new Html(drawingScript)}
</script>`;
}

const drawingScript = `
const dark = matchMedia("(prefers-color-scheme: dark)");
const places = document.querySelectorAll(".figure");
function draw() {
  const ink = dark.matches ? "#d9dde3" : "#1f2328";
  const line = dark.matches ? "#3a4048" : "#d8dde3";
  figures.forEach(({ data, layout }, i) => {
    const axis = (given) => ({
      gridcolor: line, zerolinecolor: line, automargin: true, ticklabelstandoff: 4, ...given,
      title: { standoff: 12, ...given?.title },
    });
    const axes = Object.keys({ xaxis: 0, yaxis: 0, ...layout }).filter((key) => /^[xy]axis/.test(key));
    Plotly.react(places[i], data, {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, family: "system-ui, sans-serif" }, colorway: ${
  JSON.stringify(seriesColours)
},
      margin: { t: 48, r: 16, b: 48, l: 64 }, modebar: { bgcolor: "rgba(0,0,0,0)" },
      template: { data: { bar: [{ error_x: { color: ink } }] } }, ...layout,
      ...Object.fromEntries(axes.map((key) => [key, axis(layout[key])])),
    }, { responsive: true, displaylogo: false });
  });
}
dark.addEventListener("change", draw);
draw();
`;

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d8dde3; --ground: #fff; --raised: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #d9dde3; --soft: #9aa4af; --line: #3a4048; --ground: #14171b; --raised: #1c2026; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.lead { font-size: 1.1rem; padding: .8rem 1rem; background: var(--raised); border-left: 4px solid #3b76c4; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
th { color: var(--soft); font-weight: 600; } th.number, td.number { text-align: right; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid #3b76c4; outline-offset: 2px; }
th button::after { content: "↕"; opacity: .35; padding-left: .3em; }
th[aria-sort] button::after { opacity: 1; } th[aria-sort=ascending] button::after { content: "↑"; } th[aria-sort=descending] button::after { content: "↓"; }
.figure { min-height: 12rem; }
@media print { section { break-inside: avoid; } th button::after { content: none; } body { font-size: 12px; } }
`;
