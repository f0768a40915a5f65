/** The looks of all pages. */

/** Light and dark, narrow and wide, on screen and on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d8dde3; --ground: #fff; --raised: #f6f8fa; --accent: #3b76c4; --good: #2f7d4f; --warning: #a05a00; --bad: #c2304b; }
@media (prefers-color-scheme: dark) { :root { --ink: #d9dde3; --soft: #9aa4af; --line: #3a4048; --ground: #14171b; --raised: #1c2026; --accent: #6aa0e6; --good: #62b98a; --warning: #e0a04c; --bad: #f0708a; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
p, summary { overflow-wrap: anywhere; } td { overflow-wrap: break-word; max-width: 20rem; } a { color: var(--accent); }
.lead { font-size: 1.1rem; padding: .8rem 1rem; background: var(--raised); border-left: 4px solid var(--tone, var(--accent)); }
.good { --tone: var(--good); } .warning { --tone: var(--warning); } .bad { --tone: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
.wide { font-size: .85rem; } .wide th, .wide td { padding: .35rem .4rem; }
td a { text-decoration: none; } td a:hover, td a:focus { text-decoration: underline; }
td.mark { color: var(--tone); font-weight: 600; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; vertical-align: bottom; } th.number, td.number { text-align: right; } td.number { white-space: nowrap; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th button::after { content: "↕"; opacity: .35; padding-left: .3em; }
th[aria-sort] button::after { opacity: 1; } th[aria-sort=ascending] button::after { content: "↑"; } th[aria-sort=descending] button::after { content: "↓"; }
.find { display: block; width: 100%; max-width: 24rem; box-sizing: border-box; margin: .5rem 0; padding: .4rem .6rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 4px; }
.spark { display: block; } .spark .was { fill: var(--soft); fill-opacity: .35; } .spark .is { fill: none; stroke: var(--accent); stroke-width: 1.5; }
details { border-bottom: 1px solid var(--line); } summary { cursor: pointer; padding: .5rem 0; font-weight: 600; }
summary span { color: var(--soft); font-weight: 400; padding-left: .5em; } summary:focus-visible { outline: 2px solid var(--accent); }
.figure { min-height: 12rem; } .skip-figure:not(:focus) { position: absolute; clip-path: inset(50%); } .after-figure { outline: none; }
@media (max-width: 40rem) { body { font-size: 15px; } th, td { padding: .3rem .4rem; } }
@media print { section, details { break-inside: avoid; } th button::after { content: none; } .find { display: none; } body { font-size: 12px; } .scroll { overflow: visible; } }
`;
