/** Outputs of cells as markup. */

import { AnsiUp } from "ansi_up";
import { Html, html } from "../../base/mod.ts";
import { type Figure, figurePlace } from "../../report/mod.ts";
import type { DataOutput, ErrorOutput, Output, StreamOutput } from "../../deno_kernel/mod.ts";
import { highlight, renderMarkdown } from "./markdown.ts";
import { embeddedStyle } from "./style.ts";

/** Traces that the library on the page draws. */
const drawable = new Set(
  "bar box candlestick contour heatmap histogram histogram2d histogram2dcontour image ohlc pie scatter scatterternary violin"
    .split(" "),
);

/** An output as a file holds it: texts may be in lines. */
type SavedOutput = Output | { readonly output_type: string };

/** Renders an output; figures are added to `figures` in the order of their places. */
export async function renderOutput(output: SavedOutput, figures: Figure[]): Promise<Html> {
  switch (output.output_type) {
    case "stream": {
      const { name, text } = output as StreamOutput;
      return html`<pre class="${name === "stderr" ? "text stderr" : "text"}">${ansi(text)}</pre>`;
    }
    case "error": {
      const { ename, evalue, traceback } = output as ErrorOutput;
      const text = traceback.some((line) => line !== "")
        ? traceback.join("\n")
        : `${ename}: ${evalue}`;
      return html`<pre class="text error">${ansi(text)}</pre>`;
    }
    default:
      return await renderData(output as DataOutput, figures);
  }
}

/** The richest form that a page can show. */
async function renderData({ data }: DataOutput, figures: Figure[]): Promise<Html> {
  const text = (type: string) => data[type] === undefined ? undefined : joined(data[type]);
  const plain = text("text/plain") ?? "";
  const figure = plotly(data, plain);
  if (figure) {
    figures.push(figure);
    return figurePlace(figure);
  }
  const markup = text("text/html") ?? text("image/svg+xml");
  if (markup !== undefined) return embedded(markup);
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const image = text(type);
    if (image === undefined) continue;
    return html`<img src="data:${type};base64,${image.replaceAll(/\s/g, "")}" alt="${plain}">`;
  }
  const prose = text("text/markdown");
  if (prose !== undefined) return await renderMarkdown(prose, () => Promise.resolve(undefined));
  if (data["application/json"] !== undefined && plain === "") {
    return html`<pre class="text">${
      highlight(JSON.stringify(data["application/json"], null, 2), "json")
    }</pre>`;
  }
  return html`<pre class="text">${ansi(plain || text("text/latex") || "")}</pre>`;
}

function plotly(data: DataOutput["data"], description: string): Figure | undefined {
  const bundle = data["application/vnd.plotly.v1+json"] as Partial<Figure> | undefined;
  if (!Array.isArray(bundle?.data)) return undefined;
  const traces = bundle.data as Figure["data"];
  if (!traces.every(({ type = "scatter" }) => drawable.has(String(type)))) return undefined;
  return { data: traces, layout: bundle.layout ?? {}, description };
}

/**
 * Markup that a cell has made, in a tree of its own, if its styles and names touch
 * nothing else. What would run is taken out: the page's policy would not run it either, but
 * say so in the console.
 */
function embedded(markup: string): Html {
  const safe = markup
    .replaceAll(/<script\b[\s\S]*?<\/script\s*>|<\/?template\b[^>]*>/gi, "")
    .replaceAll(/(<[^>]*?)\son\w+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, "$1");
  return html`
    <div class="scroll">
      <template shadowrootmode="open"><style>${new Html(embeddedStyle)}</style>${new Html(
        safe,
      )}</template>
    </div>
  `;
}

function ansi(text: unknown): Html {
  const painter = new AnsiUp(); // it remembers colours from one text to the next
  painter.use_classes = true;
  return new Html(painter.ansi_to_html(joined(text)));
}

/** A text of a notebook, which may be in lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}
