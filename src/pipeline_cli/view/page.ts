/** Pages that hold all they need: they open from a folder, without a network. */

import { Html, html, htmlPage, type HtmlPart } from "../../base/mod.ts";

/** A page with a head line; follows the reader's choice of light or dark. */
export function runnerPage(title: string, body: HtmlPart): string {
  return htmlPage(
    title,
    style,
    html`<h1>${title}</h1>
    ${body}`,
  );
}

/** Rows that a table has; a fan-out may be far wider than anybody reads. */
const SHOWN_ROWS = 300;

/** A table. */
export function htmlTable(heads: readonly string[], all: readonly (readonly HtmlPart[])[]): Html {
  const rows = all.slice(0, SHOWN_ROWS);
  const more = all.length - rows.length;
  const head = heads.map((text) => html`<th scope="col">${text}</th>`);
  const body = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`);
  const rest = more > 0 ? html`<p>and ${more} more</p>` : [];
  return html`
    <div class="wide">
      <table><tr>${head}</tr>${body}</table>
    </div>${rest}
  `;
}

/** The link to a kept output, by the first digits of its digest. */
export function outputLink(address: string, digest: string): Html {
  return html`<a href="${address}"><code>${digest.slice(0, 12)}</code></a>`;
}

const style = `
:root {
  color-scheme: light dark;
  --text: #1c2430; --soft: #55606e; --page: #fff; --line: #e1e6ec; --edge: #8793a3;
  --box: #f3f5f8; --good: #3f8f5b; --good-box: #e3f3e8; --work: #c7782a; --work-box: #fdeedd;
  --open: #a38a1f; --open-box: #fdf7dd; --bad: #c0392b; --bad-box: #fbe4e1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ed; --soft: #9aa6b4; --page: #14181d; --line: #2b333d; --edge: #6b7888;
    --box: #222a33; --good: #6fc48d; --good-box: #1b3325; --work: #e5a15c; --work-box: #3a2a18;
    --open: #d8c25a; --open-box: #35301a; --bad: #ef8275; --bad-box: #3d201d;
  }
}
body {
  font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1.5rem; max-width: 76rem;
  color: var(--text); background: var(--page);
}
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: inherit; } code { font-size: .9em; }
.wide { overflow-x: auto; margin: 1rem 0; }
.CACHED, .cached, .succeeded { --own: var(--good); --own-box: var(--good-box); }
.RUN, .ran { --own: var(--work); --own-box: var(--work-box); }
.MAYBE, .cancelled, .running { --own: var(--open); --own-box: var(--open-box); }
.failed { --own: var(--bad); --own-box: var(--bad-box); }
rect { fill: var(--own-box, var(--box)); stroke: var(--own, var(--edge)); }
.file rect, .resource rect { stroke-dasharray: 4 3; }
text { font-size: 13px; fill: var(--text); } .small { font-size: 11px; fill: var(--soft); }
path { fill: none; stroke: var(--edge); }
table { border-collapse: collapse; }
td, th { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid var(--edge); font-weight: 600; }
td { border-bottom: 1px solid var(--line); }
.status { color: var(--own); font-weight: 600; }
.error { border-left: 3px solid var(--bad); padding-left: .8rem; white-space: pre-wrap; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.2rem; margin: 1rem 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.times { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr max-content; gap: .2rem .8rem; align-items: center; }
.lane { position: relative; height: 1rem; background: var(--box); border-radius: 3px; }
.bar { position: absolute; height: 100%; min-width: 2px; border-radius: 3px; background: var(--own); }
.axis { position: relative; height: 1.2rem; color: var(--soft); font-size: 11px; }
.axis span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.axis span:last-child { transform: translateX(-100%); }
.number { color: var(--soft); font-variant-numeric: tabular-nums; }`;
