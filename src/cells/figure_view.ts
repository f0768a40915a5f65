/** Figures as cells show them: for plotly, as a still drawing and as a sentence. */

import { type Figure, figureConfig, figureSvg, seriesColours } from "../report/mod.ts";
import { View } from "./view.ts";

/** A figure to show. */
export function figureView(figure: Figure): View {
  const { data, layout, description } = figure;
  const axes = Object.keys({ xaxis: 0, yaxis: 0, ...layout }).filter((key) =>
    /^[xy]axis/.test(key)
  );
  return new View({
    "application/vnd.plotly.v1+json": {
      data,
      layout: {
        colorway: seriesColours,
        margin: { t: 56, r: 16, b: 48, l: 64 },
        ...layout,
        // Labels of any length keep their room.
        ...Object.fromEntries(
          axes.map((key) => [key, { automargin: true, ...(layout[key] as object | undefined) }]),
        ),
      },
      config: figureConfig,
    },
    "image/svg+xml": figureSvg(figure),
    "text/plain": description,
  });
}
