/** Rules, dashboard and configuration in `deploy/` fit together and fit what a server tells. */

import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/yaml";
import { fromFileUrl } from "@std/path";
import { waitUntil } from "../wait_until.ts";
import { Project } from "../integration/project.ts";
import { records } from "../serve/fixture.ts";
import { Prometheus } from "../serve/prometheus.ts";
import { isInstalled } from "../program.ts";
import { withServer } from "../serve/server_process.ts";

const deploy = new URL("../../deploy/", import.meta.url);
const path = (name: string) => fromFileUrl(new URL(name, deploy));
const read = (name: string) => Deno.readTextFile(new URL(name, deploy));

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}
interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const hasPromtool = await isInstalled("promtool") &&
  await isInstalled("prometheus");
const rules = (parse(await read("prometheus/rules.yml")) as Rules).groups.flatMap(({ rules }) =>
  rules
);
const { panels } = JSON.parse(await read("grafana/dinoflow.json")) as Dashboard;

Deno.test("deploy: each rule has a runbook", async () => {
  const text = await Deno.readTextFile(new URL("../docs/runbooks.md", deploy));
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  assertEquals(headings.toSorted(), rules.map(({ alert }) => alert).toSorted());
  for (const { alert, annotations } of rules) {
    assertEquals(annotations.runbook_url, `docs/runbooks.md#${alert.toLowerCase()}`);
  }
});

Deno.test("deploy: Alertmanager's routes name receivers that there are", async () => {
  const { route, receivers } = parse(await read("alertmanager/alertmanager.yml")) as {
    route: { receiver: string; routes: { receiver: string }[] };
    receivers: { name: string }[];
  };
  const names = receivers.map(({ name }) => name);
  for (const { receiver } of [route, ...route.routes]) assert(names.includes(receiver), receiver);
});

for (
  const args of [
    ["test", "rules", path("prometheus/rules_test.yml")],
    ["check", "config", path("prometheus/prometheus.yml")],
  ]
) {
  Deno.test({
    name: `deploy: promtool ${args[0]} ${args[1]} (needs prometheus)`,
    ignore: !hasPromtool,
    fn: async () => {
      const { success, stdout, stderr } = await new Deno.Command("promtool", { args }).output();
      const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
      assert(success, said);
    },
  });
}

Deno.test({
  name: "deploy: a real Prometheus answers each query of the dashboard and runs each rule " +
    "(needs prometheus)",
  ignore: !hasPromtool,
  fn: async () => {
    await using project = await Project.create(["serve"]);
    await withServer(["--monitor-every", "1"], async (server, url) => {
      for (let n = 0; n < 30; n++) {
        const response = await fetch(`${url}/predict`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(records[n]),
        });
        await response.body?.cancel();
      }
      // What a look found of a model with reference statistics.
      await waitUntil(
        async () =>
          (await (await fetch(`${url}/monitoring/drift/metrics`)).text())
            .includes("dinoflow_watched_predictions{"),
        "the log is looked at",
        300, // by whoever gives way to all other tests
      );
      const text = (await read("prometheus/prometheus.yml"))
        .replaceAll("127.0.0.1:5000", new URL(url).host)
        .replaceAll(/scrape_interval: \d+s/g, "scrape_interval: 250ms")
        .replace("scrape_interval: 250ms", "scrape_interval: 250ms\n  scrape_timeout: 250ms")
        .replace("rules.yml", path("prometheus/rules.yml"))
        .replace(/alerting:[^]*?(?=scrape_configs)/, "");
      await using prometheus = await Prometheus.start(server.folder, "", text);
      await prometheus.until("sum(up)", 2);
      await prometheus.until('sum(predictions_total{status="ok"})', 30);
      // The model of this test has no reference statistics, so that nothing is said of its inputs;
      // nobody reads stored features or asks for advice.
      const silent = /^(Drift of inputs, stability index|Stored features|Advice)/;
      for (const { title, targets: [{ expr }] } of panels) {
        if (silent.test(title)) continue;
        await waitUntil(
          async () => await prometheus.query(expr) !== undefined,
          `Prometheus answers "${title}": ${expr}`,
        );
      }
      const told = ["/monitoring/drift/metrics", "/metrics"].map(async (path) =>
        await (await fetch(`${url}${path}`)).text()
      );
      const names = (await Promise.all(told)).join("");
      for (const { expr } of [...rules, ...panels.flatMap(({ targets }) => targets)]) {
        for (const [name] of expr.matchAll(/dinoflow_\w+/g)) {
          assert(names.includes(name.replace(/_bucket$/, "")), name);
        }
      }
      assertEquals(await server.stop(), 0);
    }, { cwd: project.path });
  },
});
