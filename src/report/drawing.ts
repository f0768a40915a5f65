/** How figures get onto a page: the library once, then figure by figure. */

import { createRequire } from "node:module";
import { type Figure, figureConfig, seriesColours } from "./figure.ts";
import { Html, html, scriptJson } from "../base/mod.ts";

/** The room that a figure will take, so that nothing moves when it is drawn. */
export function figurePlace({ description, layout }: Figure): Html {
  const height = typeof layout.height === "number" ? layout.height : 420;
  return html`<div class="figure" role="img" aria-label="${description}" style="min-height:${height}px"></div>`;
}

/** The plotly library, the figures in the order of their places, and the lines that draw them. */
export async function drawing(figures: readonly Figure[]): Promise<Html> {
  const library = await Deno.readTextFile(
    /* @__FOLLOWED__: it is read, not run */ createRequire(import.meta.url).resolve(
      "plotly.js-cartesian-dist-min",
    ),
  );
  const drawn = figures.map(({ data, layout }) => ({ data, layout }));
  return html`<script>${new Html(library.replaceAll("</script", "<\\/script"))}</script>
<script>
const figures = ${scriptJson(drawn)};
${new Html(drawingScript)}
</script>`;
}

/**
 * Figures below the fold wait until those above are drawn, one after the other, so that all of them
 * are there without scrolling; those in details that are closed wait until they are seen.
 */
const drawingScript = `
const dark = matchMedia("(prefers-color-scheme: dark)");
const places = [...document.querySelectorAll(".figure")];
const drawn = new Set();
function draw(i) {
  drawn.add(i);
  const { data, layout } = figures[i];
  const ink = dark.matches ? "#d9dde3" : "#1f2328";
  const line = dark.matches ? "#3a4048" : "#d8dde3";
  const axis = (given) => ({
    gridcolor: line, zerolinecolor: line, automargin: true, ticklabelstandoff: 4, ...given,
    title: { standoff: 12, ...given?.title },
  });
  // Titles come in lines that fit, with room for them.
  const most = Math.max(16, Math.floor(places[i].clientWidth / 9));
  const lines = [""];
  for (const word of (layout.title?.text ?? "").split(" ")) {
    const line = lines.at(-1);
    if (line !== "" && line.length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : line + " " + word;
  }
  const margin = { t: 48, r: 16, b: 48, l: 64, ...layout.margin };
  margin.t += 20 * (lines.length - 1);
  const axes = Object.keys({ xaxis: 0, yaxis: 0, ...layout }).filter((key) => /^[xy]axis/.test(key));
  Plotly.react(places[i], data, {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: ink, family: "system-ui, sans-serif" }, colorway: ${
  JSON.stringify(seriesColours)
},
    modebar: { bgcolor: "rgba(0,0,0,0)", color: "#8a929b", activecolor: "#3b76c4" },
    template: { data: { bar: [{ error_x: { color: ink } }] } }, ...layout, margin,
    ...layout.title && { title: { ...layout.title, text: lines.join("<br>") } },
    ...Object.fromEntries(axes.map((key) => [key, axis(layout[key])])),
  }, {
    ...${JSON.stringify(figureConfig)},
    // Where it is narrow the buttons would lie over the title.
    displayModeBar: places[i].clientWidth < 600 ? false : "hover",
  }).then(() => addSkip(places[i]));
}
// The buttons of a figure take the keyboard's focus one by one: a link leads past them.
function addSkip(place) {
  if (place.nextElementSibling?.className === "after-figure") return;
  if (!place.querySelector(".modebar-btn")) return;
  const after = Object.assign(document.createElement("span"), {
    className: "after-figure", tabIndex: -1,
  });
  const link = Object.assign(document.createElement("a"), {
    className: "skip-figure", href: "#", textContent: "Skip figure",
  });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    after.focus();
  });
  place.before(link);
  place.after(after);
}
const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    draw(places.indexOf(target));
  }
}, { rootMargin: "400px" });
for (const place of places) near.observe(place);
function drawNext() {
  const i = places.findIndex((place, i) => !drawn.has(i) && place.offsetParent);
  if (i < 0) return;
  near.unobserve(places[i]);
  draw(i);
  // A reader's own events come between two figures.
  setTimeout(drawNext, 20);
}
addEventListener("load", () => setTimeout(drawNext, 20));
dark.addEventListener("change", () => drawn.forEach(draw));
addEventListener("beforeprint", () => {
  places.forEach((place, i) => { if (!drawn.has(i) && place.offsetParent) draw(i); });
});
`;
