// The page of GET /monitoring: draws what the server's events tell. Texts are set as texts, never as markup.

const byId = (id) => document.getElementById(id);
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
const drawn = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const headers = () => {
  const key = sessionStorage.getItem("key");
  return key === null ? {} : { "x-api-key": key };
};
const percent = (share) => share === null ? "not known" : `${(100 * share).toFixed(1)} %`;
const moment = (time) => new Date(time).toLocaleString();

/** A challenger that nobody has asked for longer than this is one no more. */
const DAY_MS = 86_400_000;

const oddsOf = (odds) => odds > 1e6 ? "over a million to one" : `${odds.toLocaleString()} to one`;

/** A line over windows, with a dashed one where something begins to matter. */
function chart(title, values, unit, limit) {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  const caption = make(
    "figcaption",
    {},
    `${title}: ${last === undefined ? "none yet" : unit(last)}`,
  );
  if (known.length < 2) return make("figure", {}, caption);
  const most = Math.max(...known, limit ?? 0) || 1;
  const svg = drawn("svg", {
    viewBox: "0 0 100 40",
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": `${title} over ${values.length} windows, latest ${unit(last)}, greatest ${
      unit(Math.max(...known))
    }`,
  });
  const y = (value) => 39 - 37 * value / most;
  const points = values.map((value, i) => [100 * i / (values.length - 1), value])
    .filter(([, value]) => value !== null).map(([x, value]) => `${x},${y(value)}`);
  if (limit !== undefined) {
    svg.append(drawn("line", { x1: 0, x2: 100, y1: y(limit), y2: y(limit) }));
  }
  svg.append(drawn("polyline", { points: points.join(" ") }));
  return make("figure", {}, caption, svg);
}

function table(heads, rows, empty) {
  if (rows.length === 0) return make("p", {}, empty);
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make(
      "tbody",
      {},
      ...rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell)))),
    ),
  );
}

/** What a version is now: the roles in which it answered last longer than they do. */
function roleOf({ champion, roles }) {
  if (champion) return "champion";
  const played = Object.keys(roles).map((role) => role === "champion" ? "champion before" : role);
  return played.join(", ") || "not seen yet";
}

function modelOf(model, open, may) {
  const { history, quality, drift } = model;
  const severity = open.some((one) => one.severity === "high")
    ? "high"
    : open.length > 0
    ? "medium"
    : "none";
  const [state, ...facts] = model.words;
  const band = quality.accuracy;
  const moved = drift.columns.filter(({ psi }) => psi !== null).sort((a, b) => b.psi - a.psi);
  const article = make(
    "article",
    {},
    make("h3", {}, `${model.model_name} ${model.model_version} (${roleOf(model)})`),
    make("p", { class: severity }, state),
    make(
      "p",
      {},
      [
        ...facts,
        ...band ? [`Right answers ${percent(band.low)} to ${percent(band.high)} at 95 %`] : [],
        ...quality.estimated
          ? [`Expected without labels: accuracy ${percent(quality.estimated.accuracy.value)}`]
          : [],
        ...quality.business ? [`Approved: ${percent(quality.business.approval_rate)}`] : [],
      ].join(". "),
    ),
    make(
      "div",
      { class: "charts" },
      chart("Greatest stability index", history.map(({ psi }) => psi), (x) => x.toFixed(3), 0.1),
      chart("Wrong answers", history.map(({ wrong }) => wrong), percent),
      chart("Predictions", history.map(({ rows }) => rows), String),
      chart(
        "Latency, 95 of 100",
        history.map((one) => one.latency_ms?.p95 ?? null),
        (x) => `${x.toFixed(2)} ms`,
      ),
    ),
    make(
      "details",
      {},
      make("summary", {}, `${moved.length} columns`),
      make(
        "div",
        { class: "wide", tabindex: "0" },
        table(
          ["Column", "Stability index", "Missing", "Evidence of a change, to one"],
          moved.map((one) => [
            one.column,
            one.psi.toFixed(3),
            percent(one.missing),
            one.log10_odds < 0 ? "none" : `10^${one.log10_odds.toFixed(1)}`,
          ]),
          "None",
        ),
      ),
    ),
  );
  if (may.admin && model.champion) {
    const button = make("button", {}, `Judge ${model.model_name} for retraining`);
    button.addEventListener("click", () => ask("/retrain/trigger", { model: model.model_name }));
    article.append(button);
  }
  return article;
}

/** Versions of one model that answer beside each other, each as it did lately. */
function versus(models) {
  const rows = models.map((model) => {
    const { accuracy, estimated } = model.quality;
    const latency = model.history.at(-1)?.latency_ms?.p95;
    return [
      `${model.model_version} (${roleOf(model)})`,
      model.predictions.toLocaleString(),
      model.labels.toLocaleString(),
      accuracy === null
        ? "no labels yet"
        : `${percent(accuracy.value)} (${percent(accuracy.low)} to ${percent(accuracy.high)})`,
      estimated === null ? "" : percent(estimated.accuracy.value),
      model.drift.score === null ? "" : model.drift.score.toFixed(3),
      latency === undefined ? "" : `${latency.toFixed(2)} ms`,
    ];
  });
  return make(
    "article",
    {},
    make("h3", {}, `${models[0].name}: ${models.length} versions beside each other`),
    make("p", {}, comparison(models)),
    make(
      "div",
      { class: "wide", tabindex: "0" },
      table(
        [
          ...["Version", "Predictions", "Labels", "Right answers, 95 % band"],
          ...["Expected without labels", "Stability index", "Latency, 95 of 100"],
        ],
        rows,
        "None",
      ),
    ),
  );
}

/** What the labels say of a champion and the one that challenges it. */
function comparison(models) {
  const champion = models.find((model) => model.champion)?.quality.accuracy;
  const other = models.filter((model) => !model.champion && model.quality.accuracy !== null)
    .sort((a, b) => b.quality.accuracy.value - a.quality.accuracy.value)[0];
  if (!champion || other === undefined) return "Labels of both are needed to tell which is better";
  const { low, high } = other.quality.accuracy;
  if (low > champion.high) return `${other.model_version} is right more often than the champion`;
  if (high < champion.low) return `${other.model_version} is right less often than the champion`;
  return "Their bands overlap: which one is better cannot be told yet";
}

async function ask(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { detail } = await response.json();
  byId("state").textContent = response.ok ? "Started" : detail;
}

function draw({ status, alerts, history, may }) {
  byId("check").hidden = !may.admin;
  byId("state").textContent = status === null
    ? "Nobody has looked at the prediction log yet"
    : `Looked at ${moment(status.checked_at)}`;
  const models = status?.models ?? [];
  const places = models.map((model) =>
    modelOf(
      model,
      status.open_alerts.filter((one) =>
        one.model === `${model.model_name}_v_${model.model_version}`
      ),
      may,
    )
  );
  const lately = new Date(Date.parse(status?.checked_at ?? 0) - DAY_MS).toISOString();
  const answering = models.filter(({ champion, roles }) =>
    champion || roles.challenger > lately || roles.shadow > lately
  );
  const beside = Object.values(Object.groupBy(answering, ({ name }) => name))
    .filter((own) => own.length > 1).map(versus);
  byId("versus").replaceChildren(...beside);
  byId("versus-part").hidden = beside.length === 0;
  const unfolded = [...document.querySelectorAll("details")].map(({ open }) => open);
  byId("models").replaceChildren(...places.length > 0 ? places : [make("p", {}, "None yet")]);
  document.querySelectorAll("details").forEach((one, i) => one.open = unfolded[i] ?? false);
  byId("alerts").replaceChildren(table(
    ["Found", "What", "Severity", "State", "Evidence", "What to do"],
    alerts.map((one) => [
      moment(one.timestamp),
      `${one.model_name} ${one.model_version}: ${one.message}`,
      make("span", { class: one.severity }, one.severity),
      one.status,
      one.evidence ? oddsOf(one.evidence.odds) : "",
      one.action_required,
    ]),
    "None",
  ));
  byId("history").replaceChildren(table(
    ["When", "Model", "Decision", "Reasons"],
    history.map((one) => [moment(one.timestamp), one.model, one.decision, one.reasons.join(". ")]),
    "Nothing was decided yet",
  ));
}

/** Hears the events until they end. EventSource sends no key, so that they are read by hand. */
async function hear() {
  const response = await fetch("/monitoring/events", { headers: headers() });
  byId("key").hidden = response.status !== 401 && sessionStorage.getItem("key") === null;
  if (!response.ok) {
    byId("state").textContent = (await response.json()).detail;
    return response.status !== 401;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "";;) {
    const { done, value } = await reader.read();
    if (done) return true;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      if (event.startsWith("data: ")) draw(JSON.parse(event.slice(6)));
    }
  }
}

async function follow() {
  for (;;) {
    try {
      if (!await hear()) return; // a key is wanted
    } catch {
      byId("state").textContent = "The server does not answer; trying again";
    }
    await new Promise((done) => setTimeout(done, 3000));
  }
}

byId("key").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("key", new FormData(event.target).get("key"));
  event.target.reset();
  follow();
});
byId("check").addEventListener("click", () => ask("/monitoring/drift/check-all"));
follow();
