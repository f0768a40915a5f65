/** Plotly's figures in JupyterLab: drawn by the library that lies beside this file. */

const dark = () => document.body.dataset.jpThemeLight === "false";

/** The title in lines that fit the width, with room for them. */
function titleWithin(width, { title, margin }) {
  if (typeof title?.text !== "string") return {};
  const most = Math.max(16, Math.floor(width / 9));
  const lines = [""];
  for (const word of title.text.split(" ")) {
    const line = lines.at(-1);
    if (line !== "" && line.length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  const top = (margin?.t ?? 56) + 20 * (lines.length - 1);
  return { title: { ...title, text: lines.join("<br>") }, margin: { ...margin, t: top } };
}

let library;

/** The library, loaded with the first figure. */
function loadLibrary(base) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly.js", base).href;
    script.addEventListener("load", () => resolve(globalThis.Plotly));
    script.addEventListener("error", () => reject(new Error("Cannot load plotly.js")));
    document.head.append(script);
  });
  return library;
}

/** A renderer of `application/vnd.plotly.v1+json`. */
export function figureFactory({ Widget }, base) {
  class FigureRenderer extends Widget {
    #figure;
    // The page has no size while its theme changes.
    #theme = new MutationObserver(() => requestAnimationFrame(() => this.#draw()));
    #width = 0;
    #size = new ResizeObserver(() => {
      if (Math.abs(this.node.clientWidth - this.#width) > 1) this.#draw();
    });

    async renderModel({ data }) {
      this.#figure = data["application/vnd.plotly.v1+json"];
      this.node.className += " dinoflow-figure";
      this.node.setAttribute("role", "group");
      this.node.setAttribute("aria-label", String(data["text/plain"] ?? "A figure"));
      await this.#draw();
    }

    onAfterAttach() {
      this.#theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
      this.#size.observe(this.node);
    }

    onBeforeDetach() {
      this.#theme.disconnect();
      this.#size.disconnect();
    }

    async #draw() {
      // Where it has no width yet, it is drawn once it has one.
      const width = this.#width = this.isAttached ? this.node.clientWidth : 0;
      if (this.#figure === undefined || width === 0) return;
      const { data, layout = {}, config = {} } = this.#figure;
      const plotly = await loadLibrary(base);
      this.#place ??= this.#prepare();
      const line = dark() ? "#3a4048" : "#d8dde3";
      const axes = Object.keys({ xaxis: 0, yaxis: 0, ...layout })
        .filter((key) => /^[xy]axis/.test(key));
      await plotly.react(this.#place, structuredClone(data), {
        ...{ paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: "#8a929b", activecolor: "#3b76c4" },
        ...layout,
        ...titleWithin(width, layout),
        font: { color: dark() ? "#d9dde3" : "#1f2328", ...layout.font },
        ...Object.fromEntries(
          axes.map((key) => [key, { gridcolor: line, zerolinecolor: line, ...layout[key] }]),
        ),
      }, {
        ...config,
        ...{ displaylogo: false, showSendToCloud: false, plotlyServerURL: "" },
        // Where it is narrow the buttons would lie over the title.
        displayModeBar: width < 600 ? false : "hover",
      });
    }

    #place;

    /** A link leads the keyboard past the buttons of the figure. */
    #prepare() {
      const place = document.createElement("div");
      const link = document.createElement("a");
      const after = document.createElement("span");
      link.className = "dinoflow-skip";
      link.href = "#";
      link.textContent = "Skip figure";
      after.tabIndex = -1;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        event.stopPropagation();
        after.focus();
      });
      this.node.replaceChildren(link, place, after);
      return place;
    }
  }
  return {
    safe: true,
    mimeTypes: ["application/vnd.plotly.v1+json"],
    defaultRank: 20,
    createRenderer: () => new FigureRenderer(),
  };
}
