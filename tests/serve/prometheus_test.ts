/** The metrics as a real Prometheus reads them. */

import { assert, assertEquals } from "@std/assert";
import { records, save } from "./fixture.ts";
import { ServerProcess, withServer } from "./server_process.ts";
import { Prometheus } from "./prometheus.ts";
import { isInstalled } from "../program.ts";

Deno.test({
  name: "metrics: a real Prometheus scrapes them and computes quantiles (needs prometheus)",
  ignore: !await isInstalled("prometheus"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      await using server = new ServerProcess(folder, []);
      const { url } = await server.logged("listening") as { url: string };
      await using prometheus = await Prometheus.start(folder, new URL(url).host);
      await prometheus.until("up", 1);
      for (let row = 0; row < 20; row++) {
        const response = await fetch(`${url}/predict`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(records[row]),
        });
        assertEquals(response.status, 200);
        await response.body?.cancel();
      }
      await prometheus.until('sum(predictions_total{status="ok",model="Model0"})', 20);
      await prometheus.until('http_requests_total{route="/predict",status="200"}', 20);
      await prometheus.until("count(model_info)", 1);
      const quantile = (stage: string) =>
        `histogram_quantile(0.5, sum by (le) (prediction_latency_seconds_bucket{stage="${stage}"}))`;
      const [inference, total] = [
        (await prometheus.query(quantile("inference")))!,
        (await prometheus.query(quantile("total")))!,
      ];
      assert(inference > 0 && total >= inference && total <= 1, `${inference} of ${total} s`);
      assert((await prometheus.query("process_resident_memory_bytes"))! > 1e7);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "metrics: promtool finds nothing wrong with their names and texts (needs prometheus)",
  ignore: !await isInstalled("promtool"),
  fn: () =>
    withServer([], async (_, url) => {
      const response = await fetch(`${url}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(records[0]),
      });
      await response.body?.cancel();
      const text = await (await fetch(`${url}/metrics`)).text();
      const child = new Deno.Command("promtool", {
        args: ["check", "metrics"],
        ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(text));
      await writer.close();
      const { code, stdout, stderr } = await child.output();
      const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals([code, ...said], [0, "", ""]);
      const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
      const kept =
        /^(?:dinoflow_|process_|http_|predictions_total$|prediction_latency_|model_info$)/;
      assertEquals(names.filter((name) => !kept.test(name)), []);
    }),
});
