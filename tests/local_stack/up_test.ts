/** Programs side by side: one stream of lines, deaths that are told, ports that are taken, one end. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type LocalImage, localImages, runUp, supervise } from "../../src/local_stack/mod.ts";
import { fromFileUrl, join } from "@std/path";
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

Deno.test("up: a program begins once those that it needs are well, or none of them lives", async () => {
  const lines: string[] = [];
  const end = new AbortController();
  const folder = await Deno.makeTempDir();
  const work = supervise(
    [
      { name: "last", ...script(`console.log("begins"); ${forever}`), needs: ["slow", "dies"] },
      { name: "dies", ...script("Deno.exit(7)"), health: "false" },
      {
        name: "slow",
        ...script(`setTimeout(() => Deno.writeTextFileSync("ready", ""), 700); ${forever}`),
        ...{ cwd: folder, health: "test -e ready" },
      },
    ],
    end.signal,
    {
      line: (name, text) => void lines.push(`${name}: ${text}`),
      died: (name) => void lines.push(`${name} died`),
    },
    { cwd: "." },
  );
  await waitUntil(() => lines.includes("last: begins"), "the last begins");
  end.abort();
  await work;
  assertEquals(lines.toSorted(), ["dies died", "last: begins", "slow: is well"]);
  assertEquals(lines.at(-1), "last: begins");
  await Deno.remove(folder, { recursive: true });
});

/** Calls the command line with some programs of our own. */
async function call(args: string[], images?: Readonly<Record<string, LocalImage>>) {
  const told = { out: "", err: "" };
  const home = await Deno.makeTempDir();
  const code = await runUp(args, {
    write: (text) => void (told.out += text),
    warn: (text) => void (told.err += text),
    signal: AbortSignal.abort(),
    ...{ root: fromFileUrl(new URL("../..", import.meta.url)), home, path: "" },
    ...images && { images },
  });
  await Deno.remove(home, { recursive: true });
  return { code, ...told };
}

Deno.test("up: what cannot be understood is told before anything starts", async () => {
  for (
    const [args, message] of [
      [["--without", "mlfow"], "did you mean mlflow?"],
      [["--port", "app"], "write --port NAME=NUMBER"],
      [["--port", "app=70000"], "write --port NAME=NUMBER"],
      [["--port", "volumes=1"], 'There is no service "volumes"'],
      [["--without", "kibana"], 'There is no service "kibana"'],
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

Deno.test("up: a port that is taken is told with its service, one that is not installed is left out", async () => {
  const image = { about: "", port: 5000, programs: [], install: "", isProject: true as const };
  const app = { app: image };
  using _listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = _listener.addr as Deno.NetAddr;
  const taken = await call(["--port", `app=${port}`], app);
  assertEquals(taken.code, 1);
  assertStringIncludes(taken.err, `somebody listens at ${port} (app) already`);
  const mlflow = { ...image, programs: ["no-such-program"], install: "pip install it" };
  const missing = await call(["--port", `app=${freePort()}`], { ...app, mlflow });
  assertStringIncludes(missing.err, "mlflow is left out: pip install it\n");
  assertStringIncludes(missing.err, "volumes is left out: it needs a container\n");
  const none = await call(["--without", "app"], app);
  assertStringIncludes(none.err, "app is left out: --without\n");
  assertStringIncludes(none.err, "every service is left out");
  assertEquals(none.code, 2);
});

Deno.test("up: Alertmanager asks for retrainings with the server's key, also from a file", async () => {
  const folder = await Deno.makeTempDir();
  const keys = join(folder, "keys");
  await Deno.writeTextFile(keys, "alerts=a=key-of-many-letters\nanother-of-many-letters\n");
  const written: string[] = [];
  for (
    const variables of [{ ADMIN_KEYS_FILE: keys }, { ADMIN_KEYS: `file:${keys}` }, {
      ADMIN_KEYS: "alerts=a=key-of-many-letters,b",
    }, {}] as Record<string, string>[]
  ) {
    // The entrypoint ends with a program that runs; this one ends at once.
    await Deno.writeTextFile(join(folder, "alertmanager"), "#!/bin/sh\n", { mode: 0o755 });
    await runUp(
      ["--port", `alertmanager=${freePort()}`],
      {
        ...{ write: () => {}, warn: () => {}, signal: new AbortController().signal },
        ...{ root: fromFileUrl(new URL("../..", import.meta.url)), home: join(folder, "home") },
        path: `${folder}:${Deno.env.get("PATH")}`,
        env: (name) => variables[name],
        images: { alertmanager: localImages.alertmanager },
      },
    );
    written.push(await Deno.readTextFile(join(folder, "home/alertmanager/tmp/admin-key")));
  }
  const key = "a=key-of-many-letters";
  assertEquals(written, [key, key, key, ""]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("up: the server of the project starts and ends with it", async () => {
  await using project = await Project.create(["serve", "deploy"]);
  const child = project.start("up", [
    ...["--port", `app=${freePort()}`],
    ...["--without", "trainer,mlflow,prometheus,alertmanager,grafana"],
  ]);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const text = await readUntil(reader, "listening");
  assertStringIncludes(text, "app | http://127.0.0.1:");
  child.kill("SIGTERM");
  const rest = await readUntil(reader, '"stopped"');
  assertStringIncludes(rest, '"signal":"SIGTERM"');
  await reader.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
});
