/** Marks cells whose inputs were made anew after they ran, whatever order they were run in. */

/** Milliseconds without a run after which the marks are set anew. */
const PAUSE = 300;

/** Listens to what is run in all notebooks. */
export function markChangedCells({ NotebookActions }, tracker) {
  const states = new WeakMap();

  const ask = (panel) => {
    const kernel = panel.sessionContext.session?.kernel;
    if (panel.isDisposed || kernel?.name !== "dinoflow") return;
    let state = states.get(panel);
    if (state?.kernel !== kernel || state.comm.isDisposed) {
      const comm = kernel.createComm("dinoflow.links");
      states.set(panel, state = { kernel, comm });
      comm.onMsg = ({ content: { data } }) => mark(panel, data.links);
      comm.open({});
    }
    const cells = panel.content.widgets.filter(({ model }) => model.type === "code")
      .map(({ model }) => ({ id: model.id, source: model.sharedModel.getSource() }));
    state.comm.send({ cells });
  };

  const timers = new WeakMap();
  NotebookActions.executed.connect((_, { notebook }) => {
    const panel = tracker.find(({ content }) => content === notebook);
    if (panel === undefined) return;
    clearTimeout(timers.get(panel));
    timers.set(panel, setTimeout(() => ask(panel), PAUSE));
  });
}

function mark(panel, links) {
  const cells = new Map(
    panel.content.widgets.filter(({ model }) => model.type === "code")
      .map((widget) => [widget.model.id, widget]),
  );
  const ran = (id) => cells.get(id)?.model.executionCount ?? 0;
  const stale = new Set();
  // Makers stand before those that need them: one way through is enough.
  for (const [id, widget] of cells) {
    const makers = links[id] ?? [];
    const changed = ran(id) > 0 &&
      makers.some((maker) => ran(maker) > ran(id) || stale.has(maker));
    if (changed) stale.add(id);
    widget.toggleClass("dinoflow-changed", changed);
    const prompt = widget.node.querySelector(".jp-InputPrompt");
    if (prompt) prompt.title = changed ? "What this cell takes has changed since it ran" : "";
  }
}
