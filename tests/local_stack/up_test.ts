/** Programs side by side: one stream of lines, deaths that are told, ports that are taken, one end. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runUp, type StackService, stackServices, supervise } from "../../src/local_stack/mod.ts";
import { fromFileUrl } from "@std/path";
import { parse } from "@std/yaml";
import { freePort } from "../free_port.ts";
import { Project } from "../integration/project.ts";
import { readUntil, waitUntil } from "../wait_until.ts";

const script = (code: string) => ({ program: Deno.execPath(), args: ["eval", code] });
const forever = "setInterval(() => {}, 1000);";

Deno.test("up: lines come under names, a death is told, the others go on until all are ended", async () => {
  const lines: string[] = [];
  const deaths: [string, number][] = [];
  const end = new AbortController();
  const work = supervise(
    [
      { name: "speaks", ...script(`console.log("one"); console.error("two"); ${forever}`) },
      { name: "dies", ...script("Deno.exit(7)") },
      { name: "missing", program: "/no/such/program", args: [] },
      {
        name: "deaf",
        ...script(
          `Deno.addSignalListener("SIGTERM", () => console.log("no")); console.log("up"); ${forever}`,
        ),
      },
    ],
    end.signal,
    {
      line: (name, text) => void lines.push(`${name}: ${text}`),
      died: (name, code) => void deaths.push([name, code]),
    },
    { cwd: ".", seconds: 0.5 },
  );
  await waitUntil(() => deaths.length === 2, "two are told to have ended");
  await waitUntil(
    () => ["speaks: one", "speaks: two", "deaf: up"].every((line) => lines.includes(line)),
    "the others speak",
  );
  assertEquals(new Map(deaths), new Map([["dies", 7], ["missing", 127]]));
  end.abort();
  assertEquals(await work, false, "one had ended before");
  assert(lines.includes("deaf: no"), "it was asked first");
  assertEquals(deaths.length, 2, "who was asked to end has not died");
});

/** Calls the command line with some parts of our own. */
async function call(args: string[], services?: readonly StackService[], signal?: AbortSignal) {
  const told = { out: "", err: "" };
  const code = await runUp(args, {
    write: (text) => void (told.out += text),
    warn: (text) => void (told.err += text),
    signal: signal ?? AbortSignal.abort(),
    root: ".",
    home: await Deno.makeTempDir(),
    path: "",
    ...services && { services },
  });
  return { code, ...told };
}

Deno.test("up: what cannot be understood is told before anything starts", async () => {
  for (
    const [args, message] of [
      [["--without", "mlfow"], "did you mean mlflow?"],
      [["--port", "server"], "write --port NAME=NUMBER"],
      [["--port", "server=70000"], "write --port NAME=NUMBER"],
      [["--port", "monitor=1"], 'There is no part "monitor"'],
      [["now"], "Cannot understand now"],
      [["--witout", "x"], "--without"],
    ] as const
  ) {
    const { code, err } = await call([...args]);
    assertEquals(code, 2, err);
    assertStringIncludes(err, message);
  }
  assertEquals((await call(["--help"])).code, 0);
});

Deno.test("up: a port that is taken is told with its part, one that is not installed is left out", async () => {
  const part = (name: "server" | "mlflow", found: boolean): StackService => ({
    ...{ name, about: "", port: name },
    command: () => Promise.resolve(found ? script("") : "pip install it"),
  });
  using _listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = _listener.addr as Deno.NetAddr;
  const taken = await call(["--port", `server=${port}`], [part("server", true)]);
  assertEquals(taken.code, 1);
  assertStringIncludes(taken.err, `somebody listens at ${port} (server) already`);
  const free = `server=${freePort()}`;
  const missing = await call(["--port", free], [part("server", true), part("mlflow", false)]);
  assertStringIncludes(missing.err, "mlflow is left out: pip install it");
  const none = await call(["--without", "server"], [part("server", true)]);
  assertStringIncludes(none.err, "every part is left out");
  assertEquals(none.code, 2);
});

interface Receivers {
  readonly receivers: readonly {
    readonly name: string;
    readonly webhook_configs: readonly {
      readonly url: string;
      readonly http_config?: { readonly authorization: { readonly credentials_file: string } };
    }[];
  }[];
}

Deno.test("up: Alertmanager asks for retrainings with the server's key, and with none where there is none", async () => {
  const part = stackServices.find(({ name }) => name === "alertmanager")!;
  const hookOf = async (adminKey?: string) => {
    const command = await part.command({
      ...{ root: fromFileUrl(new URL("../..", import.meta.url)), home: "/home", names: new Set() },
      ports: { server: 81, mlflow: 82, prometheus: 83, alertmanager: 84, grafana: 85 },
      ...adminKey !== undefined && { adminKey },
      find: () => Promise.resolve("/bin/alertmanager"),
    });
    if (typeof command === "string") throw new Error(command);
    const { files = {} } = command;
    const { receivers } = parse(files["/home/alertmanager/alertmanager.yml"]) as Receivers;
    const [hook] = receivers.find(({ name }) => name === "retraining")!.webhook_configs;
    assertEquals(hook.url, "http://127.0.0.1:81/retrain/trigger");
    return { hook, files };
  };
  assertEquals((await hookOf()).hook.http_config, undefined);
  const { hook, files } = await hookOf("a-key-of-many-letters");
  assertEquals(files[hook.http_config!.authorization.credentials_file], "a-key-of-many-letters");
});

Deno.test("up: the server of the project starts and ends with it", async () => {
  await using project = await Project.create(["serve", "deploy"]);
  const child = project.start("up", [
    ...["--port", `server=${freePort()}`],
    ...["--without", "monitor,mlflow,prometheus,alertmanager,grafana"],
  ]);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const text = await readUntil(reader, "listening");
  assertStringIncludes(text, "server | http://127.0.0.1:");
  child.kill("SIGTERM");
  const rest = await readUntil(reader, '"stopped"');
  assertStringIncludes(rest, '"signal":"SIGTERM"');
  await reader.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
});
