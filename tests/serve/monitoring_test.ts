/** What a server tells of its models over time, and to whom. */

import { assert, assertEquals } from "@std/assert";
import { waitUntil } from "../wait_until.ts";
import { records } from "./fixture.ts";
import { Project } from "../integration/project.ts";
import { withServer } from "./server_process.ts";

const [predict, admin] = ["a-predict-key-01", "an-admin-key-0123"];

for (const workers of ["1", "2"]) {
  Deno.test(`serve: the log is looked at beside the requests, and routes tell what was found (--workers ${workers})`, async () => {
    await using project = await Project.create(["serve"]);
    await withServer([
      ...["--workers", workers, "--monitor-every", "1"],
      ...["--api-keys", predict, "--admin-keys", admin],
    ], async (server, url) => {
      const call = (path: string, method = "GET", key = predict, body?: unknown) =>
        fetch(url + path, {
          method,
          headers: { "x-api-key": key, "content-type": "application/json" },
          ...body !== undefined && { body: JSON.stringify(body) },
        });
      const json = async (path: string, method = "GET", key = predict) => {
        const response = await call(path, method, key);
        return { status: response.status, ...await response.json() };
      };
      for (let n = 0; n < 40; n++) {
        const response = await call("/predict", "POST", predict, records[n]);
        const { request_id, prediction } = await response.json();
        const label = n % 4 === 0 ? "Good" : prediction;
        await (await call("/feedback", "POST", predict, { request_id, label })).body?.cancel();
      }
      // It is looked at without being asked.
      await waitUntil(
        async () => (await json("/monitoring/drift/Model0")).models?.[0].labels === 40,
        "the log is looked at",
      );
      const { models: [model] } = await json("/mlops/api/monitoring/drift/Model0");
      assertEquals([model.predictions, model.champion], [40, true]);
      assert(model.quality.accuracy.value >= 0.7, JSON.stringify(model.quality));
      assertEquals((await json("/monitoring/drift/None")).status, 404);

      // Asked for, by who may.
      assertEquals((await json("/monitoring/drift/check-all", "POST")).status, 403);
      const checked = await json("/monitoring/drift/Model0/check", "POST", admin);
      assert([200, 202].includes(checked.status), JSON.stringify(checked));
      assertEquals((await json("/monitoring/drift/check-all", "POST", admin)).models.length, 1);

      assertEquals((await json("/monitoring/predictions/recent/5")).count, 5);
      assertEquals((await json("/monitoring/predictions/recent/0")).status, 400);
      assertEquals((await json("/monitoring/performance/7")).status, 200);
      assertEquals(await json("/monitoring/alerts/recent?limit=3"), {
        ...{ status: 200, count: 0, alerts: [] },
      });
      // Alertmanager's words, by who may; the model of this test tells no pipeline, so that is refused.
      const trigger = (key: string) =>
        call("/mlops/api/retrain/trigger", "POST", key, {
          ...{ version: "4", status: "firing" },
          alerts: [{ labels: { alertname: "DatasetDriftDetected", model: "Model0" } }],
        });
      assertEquals((await trigger(predict)).status, 403);
      const job = await trigger(admin);
      assertEquals(job.status, 202);
      const { id, params } = await job.json();
      assertEquals([params.model, params.log.endsWith("/log")], ["Model0", true]);
      await waitUntil(
        async () => (await json(`/train/${id}`, "GET", admin)).status === "failed",
        "the retraining ends",
      );
      const { error } = await (await call(`/train/${id}`, "GET", admin)).json();
      assert(error.includes("do not tell the file of its training"), error);
      assertEquals((await json("/retrain/history")).history, []);
      assertEquals((await json("/monitoring/drift/alerts", "DELETE")).status, 403);
      assertEquals((await json("/monitoring/drift/alerts", "DELETE", admin)).cleared, 0);
      assertEquals((await fetch(`${url}/monitoring/drift/alerts`)).status, 401);
      const text = await (await fetch(`${url}/monitoring/drift/metrics`)).text();
      assert(
        /dinoflow_recent_accuracy\{model="Model0",version="\d+_\d+"\} 0\.\d+/.test(text),
        text,
      );
      const errors = server.lines.filter(({ level }) => level === "error");
      assertEquals(errors.map(({ message }) => message), ["training ended"]);
      assertEquals(await server.stop(), 0);
    }, { cwd: project.path });
  });
}
