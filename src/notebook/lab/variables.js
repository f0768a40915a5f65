/** The variables of the notebook that is looked at, beside it. */

/** Milliseconds without a run after which the list is asked for. */
const PAUSE = 300;

/** A panel for JupyterLab's right edge. */
export function variablesPanel({ Widget }, { NotebookActions }, tracker) {
  const panel = new Widget();
  panel.id = "dinoflow-variables";
  panel.title.caption = "Variables";
  panel.title.label = "Variables";
  panel.addClass("dinoflow-variables");
  const say = (text) => panel.node.replaceChildren(text);
  say("No cell of the kernel Dinoflow (Deno) was run");

  let comm;
  let asked;
  const ask = () => {
    const kernel = tracker.currentWidget?.sessionContext.session?.kernel;
    if (!panel.isVisible || kernel?.name !== "dinoflow") return;
    if (asked !== kernel || comm.isDisposed) {
      if (comm && !comm.isDisposed) comm.dispose();
      asked = kernel;
      comm = kernel.createComm("dinoflow.variables");
      comm.onMsg = ({ content: { data } }) => say(listOf(data.variables));
      comm.open({});
    }
    comm.send({});
  };

  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  NotebookActions.executed.connect(later);
  tracker.currentChanged.connect(later);
  panel.onAfterShow = later;
  return panel;
}

function listOf(variables) {
  const row = (kind, cells) => {
    const made = document.createElement("tr");
    made.append(
      ...cells.map((text) =>
        Object.assign(document.createElement(kind), { textContent: text ?? "–" })
      ),
    );
    return made;
  };
  const table = document.createElement("table");
  table.append(
    row("th", ["name", "type", "size", "value"]),
    ...variables.map((cells) => row("td", cells)),
  );
  return table;
}
