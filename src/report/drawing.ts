/** How figures get onto a page: the library once, each figure when a reader comes near. */

import { createRequire } from "node:module";
import { type Figure, seriesColours } from "./figure.ts";
import { Html, html, scriptJson } from "./html.ts";

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

/** Figures below the fold, or in details that are closed, wait until they are seen. */
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
}
const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    draw(places.indexOf(target));
  }
}, { rootMargin: "400px" });
for (const place of places) near.observe(place);
dark.addEventListener("change", () => drawn.forEach(draw));
addEventListener("beforeprint", () => {
  places.forEach((place, i) => { if (!drawn.has(i) && place.offsetParent) draw(i); });
});
`;
