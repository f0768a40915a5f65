/** Sliders, choices and buttons in JupyterLab: a change runs the cells that are tagged for it. */

const TYPE = "application/vnd.dinoflow.control+json";

/** A renderer of controls within one notebook. */
export function controlFactory({ Widget }, { NotebookActions }, { content, sessionContext }) {
  /** Runs the cells that wait for a control; a change meanwhile runs them once more. */
  const runs = new Map();
  async function runTagged(name) {
    if (runs.has(name)) return runs.set(name, "again");
    do {
      runs.set(name, "once");
      const cells = content.widgets.filter(({ model }) =>
        model.type === "code" && model.getMetadata("tags")?.includes(`on:${name}`)
      );
      if (cells.length > 0) await NotebookActions.runCells(content, cells, sessionContext);
    } while (runs.get(name) === "again");
    runs.delete(name);
  }

  class ControlRenderer extends Widget {
    async renderModel(model) {
      const still = content.rendermime.createRenderer("text/html");
      this.node.replaceChildren(still.node);
      await still.renderModel(model);
      const control = model.data[TYPE];
      await sessionContext.ready;
      const kernel = sessionContext.session?.kernel;
      if (!kernel || this.isDisposed) return;
      const comm = kernel.createComm("dinoflow.control");
      const input = this.#build(control, (value) => comm.send({ value }));
      comm.onMsg = ({ content: { data } }) => {
        this.#tell(data.value);
        runTagged(control.name);
      };
      comm.onClose = () => input.disabled = true; // the kernel does not know it any more
      this.disposed.connect(() => comm.isDisposed || comm.close());
      await comm.open({ control: control.name }).done;
    }

    #tell = () => {};

    #build({ name, kind, value, ...more }, send) {
      const label = document.createElement("label");
      label.className = "dinoflow-control";
      const output = document.createElement("output");
      const make = (element, properties) =>
        Object.assign(document.createElement(element), properties);
      let input;
      if (kind === "slider") {
        const { min, max, step } = more;
        input = make("input", { type: "range", min, max, step, value });
        output.textContent = value;
        input.addEventListener("input", () => output.textContent = input.value);
        input.addEventListener("change", () => send(Number(input.value)));
        this.#tell = (value) => output.textContent = value;
      } else if (kind === "select") {
        input = make("select", {});
        input.append(...more.choices.map((textContent) => make("option", { textContent })));
        input.value = value;
        input.addEventListener("change", () => send(input.value));
      } else {
        input = make("button", { textContent: more.label });
        input.addEventListener("click", () => send(1));
      }
      label.append(kind === "button" ? "" : `${name} `, input, output);
      this.node.replaceChildren(label);
      return input;
    }
  }
  return {
    safe: true,
    mimeTypes: [TYPE],
    defaultRank: 10,
    createRenderer: () => new ControlRenderer(),
  };
}
