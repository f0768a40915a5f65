import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import { type Config, secrets, settingNames, settingVariable } from "../../serve/config/schema.ts";
import { helpText, printable } from "../../serve/config/text.ts";
import denoConfig from "../../deno.json" with { type: "json" };

function read(
  args: readonly string[],
  variables: Record<string, string> = {},
  files: Record<string, string> = {},
): Config {
  const readFile = (path: string) => {
    if (path in files) return files[path];
    throw new Deno.errors.NotFound("No such file");
  };
  return readServerConfig({ args, env: (name) => variables[name], readFile }) as Config;
}

function refusal(...given: Parameters<typeof read>): string {
  const { message, next } = assertThrows(() => read(...given), UsageError);
  return `${message}; ${next}`;
}

Deno.test("config: the address is 127.0.0.1:5000 unless the environment or a flag says else", () => {
  const plain = read([]);
  assertEquals([plain.host, plain.port, plain.model], ["127.0.0.1", 5000, "latest"]);
  assertEquals(read([], { PORT: "8080", HOST: "" }).port, 8080);
  assertEquals(read(["--port=0"], { PORT: "8080" }).port, 0);
  const { extraModels } = read([
    "--extra-models",
    "a, b?timeout_ms=50&challenger=c,*?concurrency=2",
  ]);
  assertEquals(extraModels.map(({ reference }) => reference), ["a", "b", "*"]);
  assertEquals(extraModels.map(({ pinned }) => pinned), [true, true, false]);
  const [, b, others] = extraModels;
  assertEquals([b.timeoutMs, b.challenger, b.challengerMode, b.challengerShare], [
    50,
    "c",
    "live",
    0.1,
  ]);
  assertEquals(others.concurrency, 2);
});

Deno.test("config: all that is wrong is told at once, with what is meant", () => {
  const told = refusal(["--port", "70000"], { CONCURRENCY: "many" });
  assert(told.includes('--port (PORT) "70000"'), told);
  assert(told.includes('--concurrency (CONCURRENCY) "many": wanted a whole number'), told);
  for (const flag of ["--porrt", "--prot"]) {
    assert(refusal([flag, "1"]).includes("did you mean --port?"));
  }
  assert(refusal(["--port"]).includes("--port: it needs a value"));
  assert(refusal(["serve"]).includes("Cannot understand serve"));
  const extra = (text: string) => refusal(["--extra-models", text]);
  assert(extra("a?timeout=5").includes('of "a?timeout=5", settings are pinned, concurrency'));
  assert(extra("a?timeout_ms=5").includes("timeout_ms: "), extra("a?timeout_ms=5"));
  assert(extra("?pinned=false").includes("the model is not named"));
  assert(extra("*?pinned=true").includes("neither pinned nor challenged"));
  assert(extra("a?challenger=models:/b").includes("write models:/NAME@ALIAS"));
  assert(refusal(["--extra-models", "models:/a"]).includes("write models:/NAME@ALIAS"));
  assert(refusal(["--model", "models:/a@b"]).includes("set MLFLOW_TRACKING_URI"));
  assert(refusal(["--threshold-class", "Poor"]).includes("THRESHOLD is not set"));
  assert(refusal(["--threshold", "1.5"]).includes("--threshold (THRESHOLD)"));
});

Deno.test("config: secrets come from files too, and are never printed", () => {
  const [one, two] = ["first-key-of-sixteen", "second-key-of-sixteen"];
  const files = { "/run/secrets/keys": `${one}\n${two}\n` };
  const config = read([], { API_KEYS_FILE: "/run/secrets/keys" }, files);
  assertEquals(config.apiKeys, [one, two]);
  const printed = JSON.stringify(printable({
    ...config,
    adminKeys: [one],
    mlflowTrackingUri: "http://ann:password@host:1/",
  }));
  assert(!printed.includes("of-sixteen") && !printed.includes("password"), printed);
  assert(printed.includes('"apiKeys":"2 set"'), printed);
  const short = refusal([], { ADMIN_KEYS: "short" });
  assert(short.includes("16 characters or more") && !short.includes('"short"'), short);
  assert(refusal([], { API_KEYS_FILE: "/nowhere" }).includes("Cannot read API_KEYS_FILE=/nowhere"));
  const both = { API_KEYS: one, API_KEYS_FILE: "/run/secrets/keys" };
  assert(refusal([], both, files).includes("API_KEYS_FILE is set too"));
});

Deno.test("config: the help page and the task's permissions know every setting", () => {
  const help = helpText();
  const { command } = denoConfig.tasks.serve;
  const permitted = /--allow-env=(\S+)/.exec(command)![1].split(",");
  for (const name of settingNames) {
    const variable = settingVariable(name);
    assert(help.includes(` ${variable}`), `${variable} is not in the help page`);
    const wanted = secrets.has(name) ? [variable, `${variable}_FILE`] : [variable];
    for (const one of wanted) {
      assert(
        permitted.some((name) =>
          name === one || (name.endsWith("*") && one.startsWith(name.slice(0, -1)))
        ),
        `deno.json does not permit ${one}`,
      );
    }
  }
  assertEquals(
    readServerConfig({ args: ["-h"], env: () => undefined, readFile: () => "" }),
    "help",
  );
});
