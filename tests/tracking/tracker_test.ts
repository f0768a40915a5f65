/** The tracker contract on a real server and in a folder, read back by Python's MLflow. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { openTracker, sendRuns, viewHint } from "../../src/tracking/mod.ts";
import {
  checkStory,
  rows,
  storyClock,
  storySource,
  tellStory,
} from "../contracts/tracker_contract.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "./mlflow_server.ts";
import { readBack } from "./read_back.ts";
import { smallModel } from "./small_model.ts";

const noEnvironment = () => undefined;

Deno.test({
  name: `file store: tracker contract ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn(t) {
    const folder = await Deno.makeTempDir({ prefix: "tracking files " });
    const root = `${folder}/ml runs`;
    const onnx = `${folder}/small.onnx`;
    await Deno.writeFile(onnx, smallModel());
    const tracker = await openTracker({
      root,
      source: storySource,
      now: storyClock(),
      env: noEnvironment,
    });
    await tellStory(tracker, "contract story", onnx);
    await checkStory(t, await readBack(root, "contract story", rows));
    assertStringIncludes(viewHint(tracker), `--backend-store-uri '${root}'`);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: `server: tracker contract and sending of kept runs ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn(t) {
    await using server = await startMlflowServer();
    const root = `${server.folder}/kept`;
    const warnings: string[] = [];
    const options = {
      root,
      source: storySource,
      env: noEnvironment,
      onWarning: (message: string) => warnings.push(message),
    };
    const tracker = await openTracker({ ...options, uri: server.url, now: storyClock() });
    assertEquals(viewHint(tracker), server.url);
    await tellStory(tracker, "contract story", smallModel());
    assertEquals(warnings, []);

    // The same story in a folder, because nobody listens at port 1.
    const lost = await openTracker({
      ...options,
      uri: "http://127.0.0.1:1",
      now: storyClock(),
      sleep: () => Promise.resolve(),
    });
    await tellStory(lost, "kept story", smallModel());
    assertEquals(warnings.length, 1);
    const report = await sendRuns(root, server.url, options);
    assertEquals(report.sent.length, 3);
    assertEquals((await sendRuns(root, server.url, options)).sent, []);

    const [direct, kept] = await Promise.all([
      readBack(server.url, "contract story", rows),
      readBack(server.url, "kept story", rows),
    ]);
    await t.step("direct", (t) => checkStory(t, direct));
    await t.step("kept and sent", (t) => checkStory(t, kept));
  },
});
