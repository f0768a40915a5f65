/** The tracker contract on a real server and in a folder, read back by Python's MLflow. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openTracker, sendRuns, viewHint } from "../../src/tracking/mod.ts";
import {
  checkStory,
  rows,
  storyClock,
  storySource,
  tellStory,
} from "../contracts/tracker_contract.ts";
import { type Failure, startFailingProxy } from "./failing_proxy.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "./mlflow_server.ts";
import { readBack } from "./read_back.ts";
import { smallModel } from "./small_model.ts";

const quick = { env: () => undefined, sleep: () => Promise.resolve() };

Deno.test({
  name: `file store: tracker contract ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn(t) {
    const folder = await Deno.makeTempDir({ prefix: "tracking files " });
    const root = `${folder}/ml runs`;
    const onnx = `${folder}/small.onnx`;
    await Deno.writeFile(onnx, smallModel());
    const tracker = await openTracker({ ...quick, root, source: storySource, now: storyClock() });
    await tellStory(tracker, "contract story", onnx);
    const [runs] = await readBack(root, ["contract story"], rows);
    await checkStory(t, runs);
    assertStringIncludes(viewHint(tracker), `--backend-store-uri '${root}'`);
    await Deno.remove(folder, { recursive: true });
  },
});

/** Where on its way a story loses the server; each must end as if it had not. */
const losses: { at: string; failure: Failure; nth?: number }[] = [
  { at: "POST /api/2.0/mlflow/experiments/search", failure: "request lost" },
  { at: "POST /api/2.0/mlflow/runs/create", failure: "request lost", nth: 2 },
  { at: "POST /api/2.0/mlflow/runs/log-batch", failure: "answer lost", nth: 8 },
  { at: "PUT /api/2.0/mlflow-artifacts", failure: "answer lost", nth: 4 },
  { at: "PATCH /api/2.0/mlflow/logged-models", failure: "request lost" },
  { at: "POST /api/2.0/mlflow/runs/update", failure: "answer lost", nth: 2 },
];

Deno.test({
  name: `server: tracker contract, with the server there, lost, and lost on the way ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn(t) {
    await using server = await startMlflowServer();
    const warnings: string[] = [];
    const options = {
      ...quick,
      source: storySource,
      onWarning: (message: string) => warnings.push(message),
    };
    const tracker = await openTracker({
      ...options,
      uri: server.url,
      root: `${server.folder}/unused`,
      now: storyClock(),
    });
    assertEquals(viewHint(tracker), server.url);
    const direct = "told to the server";
    await tellStory(tracker, direct, smallModel());
    assertEquals(warnings, []);

    const names: string[] = [];
    const origins = new Map<string, string>();
    for (const [index, { at, failure, nth = 1 }] of losses.entries()) {
      const name = `${failure} in ${at.replaceAll("/", " ")} no ${nth}`;
      const root = `${server.folder}/kept-${index}`;
      let seen = 0;
      await using proxy = startFailingProxy(
        server.url,
        failure,
        (_, request) => request.startsWith(at) && ++seen === nth,
      );
      const lost = await openTracker({ ...options, uri: proxy.url, root, now: storyClock() });
      await tellStory(lost, name, smallModel());
      assertEquals(warnings.splice(0).length, 1, name);
      assertEquals(lost.location, { kind: "folder", path: root });
      const report = await sendRuns(root, server.url, quick);
      assert(report.sent.length > 0, name);
      for (const { id, localId } of report.sent) origins.set(id, localId);
      assertEquals(await sendRuns(root, server.url, quick), { sent: [], running: [] });
      names.push(name);
    }

    const stories = [direct, ...names];
    const read = await readBack(server.url, stories, rows);
    for (const [index, name] of stories.entries()) {
      await t.step(name, (t) => checkStory(t, read[index]));
    }
    for (const { id, tags } of read.flat()) {
      assertEquals(tags["dinoflow.run_id"], origins.get(id), "the id that it had in the folder");
    }
  },
});
