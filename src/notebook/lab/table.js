/** Tables in JupyterLab: the kernel sorts, filters and counts, and sends the rows of a page. */

const TYPE = "application/vnd.dinoflow.table+json";

/** Rows of a page. */
const PAGE = 20;

/** Milliseconds without a key after which what was typed is looked for. */
const PAUSE = 250;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A conversation with the kernel about one table: the newest question alone is answered. */
class TableComm {
  #asked = 0;
  #answers = new Map();

  constructor(comm, onClose) {
    this.comm = comm;
    comm.onMsg = ({ content: { data } }) => {
      this.#answers.get(data.ask)?.(data);
      this.#answers.delete(data.ask);
    };
    comm.onClose = onClose;
  }

  ask(question) {
    const ask = ++this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(ask, resolve);
      this.comm.send({ ...question, ask });
    });
  }
}

/** A renderer of tables within one notebook. */
export function tableFactory({ Widget }, rendermime, sessionContext) {
  class TableRenderer extends Widget {
    #state = { sort: null, search: "", filters: {}, offset: 0 };
    #comm;
    #turn = 0;

    async renderModel(model) {
      const still = rendermime.createRenderer("text/html");
      this.node.replaceChildren(still.node);
      await still.renderModel(model);
      const table = model.data[TYPE];
      await sessionContext.ready;
      const kernel = sessionContext.session?.kernel;
      if (!kernel || this.isDisposed) return;
      const comm = kernel.createComm("dinoflow.table");
      // The kernel closes at once what it does not know: the still table stays.
      const gone = () => {
        this.#comm = undefined;
        for (const control of this.node.querySelectorAll("input, button")) control.disabled = true;
      };
      this.#comm = new TableComm(comm, gone);
      this.disposed.connect(() => this.#comm?.comm.close());
      await comm.open({ table: table.id }).done;
      const first = await this.#comm?.ask(this.#question());
      if (this.#comm !== undefined && first.rows) this.#build(table, first);
    }

    #question() {
      const { filters, ...state } = this.#state;
      const list = Object.entries(filters).filter(([, text]) => text.trim() !== "")
        .map(([column, text]) => ({ column, text }));
      return { want: "rows", query: { ...state, filters: list, limit: PAGE } };
    }

    async #update(change) {
      this.#state = { ...this.#state, offset: 0, ...change };
      const turn = ++this.#turn;
      this.node.setAttribute("aria-busy", "true");
      const answer = await this.#comm.ask(this.#question());
      if (turn !== this.#turn) return;
      this.node.removeAttribute("aria-busy");
      this.#fill(answer);
    }

    /** Builds what stays: the bar and the head. */
    #build({ columns, rows }, first) {
      let timer;
      const typed = (take) => (event) => {
        clearTimeout(timer);
        const { value } = event.target;
        timer = setTimeout(() => this.#update(take(value)), PAUSE);
      };
      const search = element("input", {
        type: "search",
        placeholder: "Search",
        ariaLabel: "Search all columns",
        oninput: typed((search) => ({ search })),
      });
      const turn = (text, label, to) =>
        element("button", {
          textContent: text,
          ariaLabel: label,
          onclick: () => this.#update({ offset: to() }),
        });
      const offset = () => this.#state.offset;
      const last = () => Math.max(0, Math.floor((this.total - 1) / PAGE) * PAGE);
      this.buttons = [
        turn("«", "First page", () => 0),
        turn("‹", "Page before", () => Math.max(0, offset() - PAGE)),
        turn("›", "Next page", () => Math.min(last(), offset() + PAGE)),
        turn("»", "Last page", last),
      ];
      this.place = element("span", { role: "status" });
      const heads = columns.map(({ name, type, numeric, missing }, column) => {
        const head = element("th", { className: numeric ? "number" : "", scope: "col" });
        const sort = element("button", { textContent: name, title: "Sort" });
        sort.onclick = () => {
          const { sort } = this.#state;
          const next = sort?.column !== column
            ? { column, descending: false }
            : sort.descending
            ? null
            : { column, descending: true };
          for (const other of heads) other.removeAttribute("aria-sort");
          if (next) head.setAttribute("aria-sort", next.descending ? "descending" : "ascending");
          this.#update({ sort: next });
        };
        const about = element("button", { textContent: "Σ", ariaLabel: `Statistics of ${name}` });
        about.onclick = () => this.#tell(column);
        const filter = element("input", {
          ariaLabel: `Filter ${name}`,
          placeholder: numeric ? "> 1, 2..5" : "contains",
          oninput: typed((text) => ({ filters: { ...this.#state.filters, [column]: text } })),
        });
        head.append(sort, about, element("small", { textContent: `${type}, ${missing}` }), filter);
        return head;
      });
      this.columns = columns;
      this.body = element("tbody");
      this.statistics = element("div", { className: "statistics", role: "status" });
      const head = element("thead", {}, element("tr", {}, element("th", {}), ...heads));
      this.node.replaceChildren(
        element(
          "div",
          { className: "dinoflow-table", role: "group", ariaLabel: `Table of ${rows} rows` },
          element("div", { className: "bar" }, search, ...this.buttons, this.place),
          element("div", { className: "scroll" }, element("table", {}, head, this.body)),
          this.statistics,
        ),
      );
      this.#fill(first);
    }

    #fill({ total, start, rows, error }) {
      this.place.className = error === undefined ? "" : "wrong";
      if (error !== undefined) {
        this.place.textContent = error;
        return;
      }
      this.total = total;
      const end = start + rows.length;
      const number = (value) => value.toLocaleString("en");
      this.place.textContent = total === 0
        ? "No rows"
        : `${number(start + 1)}–${number(end)} of ${number(total)} rows`;
      this.buttons.forEach((button, i) => button.disabled = i < 2 ? start === 0 : end >= total);
      this.body.replaceChildren(...rows.map(([row, ...cells]) =>
        element(
          "tr",
          {},
          element("th", { className: "row", textContent: number(row) }),
          ...cells.map((textContent, j) =>
            element("td", { className: this.columns[j].numeric ? "number" : "", textContent })
          ),
        )
      ));
    }

    async #tell(column) {
      const { text } = await this.#comm.ask({ want: "statistics", column });
      this.statistics.textContent = text;
    }
  }
  return {
    safe: true,
    mimeTypes: [TYPE],
    defaultRank: 10,
    createRenderer: () => new TableRenderer(),
  };
}
