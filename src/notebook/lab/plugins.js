/** The plugins of JupyterLab: figures, tables and controls that the kernel answers, marks, variables. */

import { controlFactory } from "./control.js";
import { figureFactory } from "./figure.js";
import { markChangedCells } from "./marks.js";
import { variablesPanel } from "./variables.js";
import { tableFactory } from "./table.js";

/** All plugins; `module` gives what JupyterLab shares, `base` is where these files are. */
export async function plugins(base, module) {
  const [widgets, notebooks, { IRenderMimeRegistry }] = await Promise.all([
    module("@lumino/widgets"),
    module("@jupyterlab/notebook"),
    module("@jupyterlab/rendermime"),
  ]);
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("style.css", base).href;
  document.head.append(style);
  return [{
    id: "dinoflow:outputs",
    autoStart: true,
    requires: [IRenderMimeRegistry, notebooks.INotebookTracker],
    activate: (app, rendermime, tracker) => {
      rendermime.addFactory(figureFactory(widgets, base));
      // Rows come from the kernel of the notebook in which the table is, as do controls' values.
      const add = (panel) => {
        const { content: { rendermime }, sessionContext } = panel;
        rendermime.addFactory(tableFactory(widgets, rendermime, sessionContext));
        rendermime.addFactory(controlFactory(widgets, notebooks, panel));
      };
      tracker.forEach(add);
      tracker.widgetAdded.connect((_, panel) => add(panel));
      markChangedCells(notebooks, tracker);
      app.shell.add(variablesPanel(widgets, notebooks, tracker), "right", { rank: 900 });
    },
  }];
}
