/** A champion moves in the folder and on the server, or in neither, whatever happens on the way. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  bundleName,
  FolderRegistry,
  lockModel,
  MlflowRegistry,
  type ModelRegistry,
  settle,
} from "../../src/registry/mod.ts";
import { models } from "../promotion/desk.ts";
import { name, writeLoans } from "../promotion/models.ts";
import { trackedLoanModel } from "../promotion/tracked.ts";
import { type Failure, startFailingProxy } from "../tracking/failing_proxy.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "../tracking/mlflow_server.ts";
import { within } from "../wait_until.ts";
import { moveChampion } from "./move_process.ts";

/** Requests that change something, in their order; each is where a process may be lost. */
const changes = [
  "POST /api/2.0/mlflow/model-versions/set-tag",
  "POST /api/2.0/mlflow/registered-models/alias",
  "POST /api/2.0/mlflow/registered-models/set-tag",
];

/** A proxy that keeps one request, before or after handing it on, until it is told to go on. */
function startStallingProxy(target: string, at: string, failure: Failure) {
  const stalled = Promise.withResolvers<void>();
  let open = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      const body = await request.arrayBuffer();
      const hit = !open && `${request.method} ${url.pathname}` === at;
      const hang = () => {
        stalled.resolve();
        return new Promise<Response>(() => {});
      };
      if (hit && failure === "request lost") return await hang();
      const response = await fetch(target + url.pathname + url.search, {
        method: request.method,
        headers: request.headers,
        ...(body.byteLength > 0 && { body }),
      });
      const answer = await response.arrayBuffer();
      if (hit) return await hang();
      return new Response(answer, { status: response.status });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    stalled: stalled.promise,
    release: () => open = true,
    [Symbol.asyncDispose]: async () => {
      // Requests that hang never end by themselves.
      await Promise.race([server.shutdown(), new Promise((done) => setTimeout(done, 100))]);
    },
  };
}

Deno.test({
  name:
    `alias: in both places or in none, with the server lost and the process killed ${needsMlflow}`,
  ignore: !hasMlflow,
  sanitizeResources: false, // a proxy that hangs keeps its connections
  sanitizeOps: false,
  async fn(t) {
    await using server = await startMlflowServer();
    const [folder, data] = [join(server.folder, "models"), join(server.folder, "loans.csv")];
    await writeLoans(data);
    const [far, near] = [MlflowRegistry.open(server.url), new FolderRegistry(folder)];
    const made = [];
    for (const rounds of [20, 40]) {
      const { metadata } = await trackedLoanModel(server.url, folder, data, { rounds });
      await far.register(name, metadata);
      made.push(metadata);
    }
    const [first, second] = made.map(bundleName);
    const at = async (registry: ModelRegistry) => (await registry.alias(name, "champion"))?.bundle;
    const both = async () => [await at(near), await at(far)];
    const lines = async () =>
      (await near.history(name)).filter(({ action }) => action === "promote").length;
    const tags = async () => (await far.history(name)).length;

    // From nothing to the first, by the command line with its whole checklist.
    const flags = ["--models", folder, "--tracking", server.url];
    const promoted = await models(["promote", name, made[0].version, ...flags]);
    assertEquals(promoted.code, 0, promoted.out + promoted.err);
    assertEquals(await both(), [first, first]);
    let [from, to] = [first, second];

    for (const change of changes) {
      for (const failure of ["request lost", "answer lost"] as const) {
        await t.step(
          `server lost at ${change.split("/").slice(-2).join("/")}, ${failure}`,
          async () => {
            const before = [await lines(), await tags()];
            {
              await using proxy = startFailingProxy(
                server.url,
                failure,
                (_, request) => request === change,
              );
              const move = moveChampion([folder, proxy.url, name, from, to]);
              // The last change only adds what happened: the champion has moved by then.
              if (change === changes[2]) await move;
              else {
                const error = await assertRejects(() => move, Error, "Cannot promote loans");
                assertStringIncludes(error.message, `${name}@champion stays at ${from}`);
              }
              assertEquals(await at(near), change === changes[2] ? to : from);
            }
            const answer = lockModel(folder, name, "the next command");
            if (!("lock" in answer)) throw new Error("the lock was left behind");
            using _ = answer.lock;
            await settle(near, name, () => far);
            const moved = change === changes[2];
            assertEquals(await both(), moved ? [to, to] : [from, from]);
            const more = moved ? 1 : 0;
            assertEquals([await lines(), await tags()], [before[0] + more, before[1] + more]);
            if (moved) [from, to] = [to, from];
          },
        );

        await t.step(`killed at ${change.split("/").slice(-2).join("/")}, ${failure}`, async () => {
          const before = [await lines(), await tags()];
          await using proxy = startStallingProxy(server.url, change, failure);
          const child = new Deno.Command(Deno.execPath(), {
            args: [
              ...["run", "-A", "--no-check"],
              fromFileUrl(import.meta.resolve("./move_process.ts")),
              ...[folder, proxy.url, name, from, to],
            ],
            stdout: "null",
            stderr: "null",
          }).spawn();
          await within(proxy.stalled, `${change} is reached`);
          // While it runs, another change is refused by name.
          const busy = await models(["promote", name, ...flags]);
          assertEquals(busy.code, 1, busy.out);
          assertStringIncludes(busy.err, "is under way");
          child.kill("SIGKILL");
          await child.status;
          proxy.release();
          const shown = await models(["show", name, "--models", folder, "--tracking", proxy.url]);
          assertEquals(shown.code, 0, shown.err);
          assertStringIncludes(shown.err, "was interrupted");
          const moved = change === changes[2];
          assertEquals(await both(), moved ? [to, to] : [from, from]);
          const more = moved ? 1 : 0;
          assertEquals([await lines(), await tags()], [before[0] + more, before[1] + more]);
          if (moved) [from, to] = [to, from];
        });
      }
    }

    await t.step("rollback, list and refusals on both", async () => {
      const here = await at(near);
      const back = await models(["rollback", name, "--why", "enough", ...flags]);
      assertEquals(back.code, 0, back.out + back.err);
      const now = await both();
      assertEquals(now[0], now[1]);
      assertEquals(now[0] === here, false);
      const last = (await far.history(name)).at(-1)!;
      assertEquals([last.action, last.why, last.to], ["rollback", "enough", now[0]]);
      const listed = await models(["list", ...flags]);
      assertStringIncludes(listed.out, server.url);
      const worse = await trackedLoanModel(server.url, folder, data, { worthless: true });
      const refused = await models(["promote", name, "newest", ...flags]);
      assertEquals(refused.code, 3, refused.out);
      assertEquals(await both(), now);
      // On the server alone, from what it keeps; the folder is as it was.
      const number = await far.register(name, worse.metadata);
      const only = [...flags, "--registry", "mlflow"];
      const forced = await models(["promote", name, number, "--force", "--why", "try", ...only]);
      assertEquals(forced.code, 0, forced.out + forced.err);
      assertEquals(await both(), [now[0], bundleName(worse.metadata)]);
      const gone = await models([
        "promote",
        name,
        "--models",
        folder,
        "--tracking",
        "http://127.0.0.1:9",
      ]);
      assertEquals(gone.code, 1, gone.out);
      assertStringIncludes(gone.err, "Cannot reach");
      assertEquals(await at(near), now[0]);
    });
  },
});
