/** Many requests at once while the models change under them. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Connection, postRequest } from "../../bench/sides/http_load.ts";
import { byLabel, type ClassAnswer } from "./answers.ts";
import { type RegisteredVersion, RegistryClient } from "../../src/tracking/mod.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "../tracking/mlflow_server.ts";
import { nativeAnswers, records, save, type Which } from "./fixture.ts";
import { register } from "./registered.ts";
import { ServerProcess } from "./server_process.ts";

const full = Deno.args.includes("--full");
const CONNECTIONS = 32;

const expected = [await nativeAnswers(records, 0), await nativeAnswers(records, 1)];

/**
 * Sends so many requests and sees that each answer is that of the model that it names.
 *
 * @returns The model of each version that answered.
 */
async function askAll(url: string, count: number): Promise<Map<string, string>> {
  const port = Number(new URL(url).port);
  const requests = records.map((record) => postRequest(port, "/predict", record));
  const answered = new Map<string, string>();
  let next = 0;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    using connection = await Connection.open(port);
    while (next < count) {
      const row = next++ % records.length;
      const { status, head, text } = await connection.send(requests[row]);
      assertEquals(status, 200, text());
      const warns = text().includes('"warnings":'); // what was not understood takes its room
      assert(warns || head().length + text().length <= 512, "Deno sends so much in one piece");
      const answer: ClassAnswer = JSON.parse(text());
      const { model_name, model_version, prediction } = answer;
      const probabilities = byLabel(answer);
      const wanted = expected[model_name === "Model0" ? 0 : 1][row];
      assertEquals(prediction, wanted.prediction, `row ${row} of ${model_name}`);
      for (const [label, probability] of Object.entries(wanted.probabilities)) {
        // The parity that every export is checked for.
        assertAlmostEquals(probabilities[label], probability, 1e-5, `row ${row} of ${model_name}`);
      }
      assertEquals(answered.get(model_version) ?? model_name, model_name);
      answered.set(model_version, model_name);
    }
  }));
  return answered;
}

/** Does `change` again and again, with a pause, while `work` is under way. */
async function meanwhile<T>(
  work: Promise<T>,
  pauseMs: number,
  change: () => Promise<void>,
): Promise<T> {
  let done = false;
  const changes = (async () => {
    while (!done) {
      await change();
      await new Promise((next) => setTimeout(next, pauseMs));
    }
  })();
  try {
    return await work;
  } finally {
    done = true;
    await changes;
  }
}

async function post(url: string, body?: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  assertEquals(response.status, 200, await response.text());
}

for (const workers of ["1", "2"]) {
  Deno.test(`serve: under load new versions, reloads and ways back cost no request; each answer is its version's (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const saved = new Map<string, string>();
      const saveNext = async () => {
        const { metadata } = await save(folder, saved.size % 2 as Which);
        saved.set(metadata.version, metadata.model_name);
        return metadata.version;
      };
      const first = await saveNext();
      await using server = new ServerProcess(folder, ["--poll-seconds", "1", "--workers", workers]);
      const { url } = await server.logged("listening") as { url: string };
      const asked = askAll(url, full ? 200_000 : 10_000);
      let changes = 0;
      const answered = await meanwhile(asked, full ? 1000 : 20, async () => {
        await saveNext();
        await post(`${url}/model/reload`);
        if (++changes % 3 !== 0) return;
        await post(`${url}/model/load`, { version: first });
        await post(`${url}/model/load`, { version: "latest" });
      });
      assert(changes > 2 && answered.size > 2, `${changes} changes, ${answered.size} versions`);
      for (const [version, name] of answered) assertEquals(saved.get(version), name);
      assertEquals(server.lines.filter(({ level }) => level === "error"), []);
      assertEquals(await server.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const workers of ["1", "2"]) {
  Deno.test({
    name: "serve: 200,000 requests while the champion alias of an MLflow registry changes every " +
      `second (--workers ${workers}) ${!full ? "(needs --full)" : hasMlflow ? "" : needsMlflow}`,
    ignore: !full || !hasMlflow,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await using mlflow = await startMlflowServer();
        const registry = RegistryClient.open(mlflow.url);
        const bundles = [await save(folder, 0), await save(folder, 1)];
        const versions: RegisteredVersion[] = [];
        for (const bundle of bundles) versions.push(await register(mlflow.url, folder, bundle));
        await registry.setAlias("champion", versions[0]);
        await using server = new ServerProcess(folder, [
          ...["--model", "models:/credit-score@champion", "--poll-seconds", "1"],
          ...["--mlflow-tracking-uri", mlflow.url, "--workers", workers],
        ]);
        const { url } = await server.logged("listening") as { url: string };
        let changes = 0;
        const answered = await meanwhile(askAll(url, 200_000), 1000, async () => {
          await registry.setAlias("champion", versions[++changes % 2]);
          await post(`${url}/model/reload`);
        });
        assertEquals(
          [...answered].sort(),
          bundles.map(({ metadata }) => [metadata.version, metadata.model_name]),
        );
        assert(changes > 2, `${changes} changes`);
        assertEquals(server.lines.filter(({ level }) => level === "error"), []);
        assertEquals(await server.stop(), 0);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
