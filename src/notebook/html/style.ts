/** The looks of a notebook's page, on top of those of all pages. */

/** Cells, code and colours of terminals. */
export const notebookStyle = `
main { --red: #b3261e; --green: #2f7d4f; --yellow: #8a5a00; --blue: #2a5fb0; --magenta: #8a3fa0; --cyan: #0b7285; }
@media (prefers-color-scheme: dark) { main { --red: #f0808a; --green: #7cc79a; --yellow: #e0b060; --blue: #82b0f0; --magenta: #d09ae0; --cyan: #6cc5d4; } }
.cell { margin: 1rem 0; }
.code { position: relative; }
.code::before { content: attr(data-count); position: absolute; right: 100%; top: .7rem; padding-right: .8rem; color: var(--soft); font: 12px/1.5 ui-monospace, monospace; white-space: nowrap; }
pre { margin: .5rem 0; overflow-x: auto; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.source, .prose pre { padding: .6rem .8rem; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; }
.text { padding: 0 .8rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 40rem; overflow-y: auto; }
.stderr, .error { padding: .5rem .8rem; border-left: 3px solid var(--warning); } .error { border-color: var(--bad); }
.prose code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; } .prose img, .output img { max-width: 100%; }
.prose blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
.prose table { width: auto; display: block; overflow-x: auto; } .formula { font: italic 1em ui-serif, Georgia, serif; }
.hljs-comment, .hljs-quote { color: var(--soft); font-style: italic; }
.hljs-keyword, .hljs-literal, .hljs-meta { color: var(--magenta); }
.hljs-string, .hljs-regexp, .hljs-addition { color: var(--green); }
.hljs-number, .hljs-symbol { color: var(--yellow); }
.hljs-title, .hljs-section, .hljs-attr, .hljs-attribute { color: var(--blue); }
.hljs-built_in, .hljs-type, .hljs-property { color: var(--cyan); } .hljs-deletion { color: var(--red); }
${
  ["red", "green", "yellow", "blue", "magenta", "cyan"].map((colour) =>
    `.ansi-${colour}-fg, .ansi-bright-${colour}-fg { color: var(--${colour}); } .ansi-${colour}-bg { background: color-mix(in srgb, var(--${colour}) 30%, transparent); }`
  ).join("\n")
}
.ansi-bright-black-fg, .ansi-white-fg { color: var(--soft); }
@media (max-width: 70rem) { .code::before { content: none; } }
@media print { .text { max-height: none; } .cell { break-inside: avoid-page; } }
`;

/** Markup of cells: tables as on the page, unless they bring their own looks. */
export const embeddedStyle = `
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
th { color: var(--soft); font-weight: 600; } a { color: var(--accent); } svg, img { max-width: 100%; height: auto; }
`;
