/** One self-contained HTML page: works offline, light and dark, prints well. */

import { drawing, figurePlace } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { Html, html, htmlPage } from "../base/mod.ts";
import { style } from "./style.ts";
import { renderTable, tableScript, type TableSection } from "./table.ts";

/** What stands below a heading. */
export interface PageBlock {
  /** Plain sentences. */
  readonly text?: string;
  /** A table. */
  readonly table?: TableSection;
  /** Figures. */
  readonly figures?: readonly Figure[];
}

/** A part of a page under a heading. */
export interface Section extends PageBlock {
  /** The heading. */
  readonly title: string;
  /** Parts that a reader opens one by one. */
  readonly details?: readonly Detail[];
}

/** A part that is closed until a reader opens it, or follows a link to it. */
export interface Detail extends PageBlock {
  /** What links in tables name it by; letters, digits and hyphens. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** A few words beside the heading. */
  readonly summary: string;
}

/** How good the news of a page is. */
export type Tone = "good" | "warning" | "bad";

/**
 * Builds a page. The plotly library (1.4 MB) is put in once, and only where
 * there is a figure; figures are drawn when a reader comes near them, so a page
 * of hundreds opens as fast as one of a few.
 *
 * @param title Heading of the page.
 * @param lead What a reader in a hurry must know, in plain sentences.
 * @param tone How good the news in the lead is; left out if it is neither.
 * @returns The whole page; nothing else has to be loaded.
 */
export async function page(
  title: string,
  lead: string,
  sections: readonly Section[],
  tone?: Tone,
): Promise<string> {
  const blocks: PageBlock[] = sections.flatMap((section) => [section, ...section.details ?? []]);
  const figures = blocks.flatMap((block) => block.figures ?? []);
  const scripted = sections.some(({ details = [] }) => details.length > 0) ||
    blocks.some(({ table }) => table !== undefined && table.rows.length > 1);
  const body = sections.map(renderSection);
  const content = html`
    <main>
    <h1>${title}</h1>
    <p class="${tone === undefined ? "lead" : `lead ${tone}`}">${lead}</p>
    ${body}
    </main>
    ${scripted ? html`<script>${new Html(tableScript + detailsScript)}</script>` : []}
    ${figures.length > 0 ? await drawing(figures) : []}
  `;
  return htmlPage(title, style, content);
}

function renderSection({ title, details = [], ...block }: Section): Html {
  return html`
    <section>
    <h2>${title}</h2>
    ${renderBlock(block)}
    ${details.map(renderDetail)}
    </section>
  `;
}

function renderDetail({ id, title, summary, ...block }: Detail): Html {
  return html`
    <details id="${id}">
    <summary>${title}<span>${summary}</span></summary>
    ${renderBlock(block)}
    </details>
  `;
}

function renderBlock({ text, table, figures = [] }: PageBlock): Html {
  return html`
    ${text === undefined ? [] : html`<p>${text}</p>`}
    ${table === undefined ? [] : renderTable(table)}
    ${figures.map(figurePlace)}
  `;
}

/** Opens the details that the address names. */
const detailsScript = `
function openNamed() {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.tagName === "DETAILS") { named.open = true; named.scrollIntoView(); }
}
addEventListener("hashchange", openNamed);
openNamed();
`;
