/** Runs a step in a process that may do what the step declares, and nothing else. */

import {
  denoCommand,
  dirname,
  eachLine,
  join,
  removeIfPresent,
  resolve,
  toFileUrl,
  unpackError,
} from "../../base/mod.ts";
import type { StepContext } from "../define/step.ts";
import { unitName } from "../define/graph.ts";
import { findConfig } from "../process/find_config.ts";
import { contentsOf, decode } from "../../artifact_store/mod.ts";
import { guardedProcess } from "./guard.ts";
import { OUTPUT, readEncoded, writeRequest } from "./request_files.ts";
import {
  checkSavedFiles,
  deniedError,
  permissionFlags,
  type StepPermissions,
} from "../define/permissions.ts";
import type { StepRequest } from "./request.ts";
import { tell } from "./run_request.ts";
import type { ProcessMessage } from "./step_process.ts";

/** Where the runner itself looks for packages: Polars, to read and write frames. */
const runnerFolders = import.meta.dirname === undefined
  ? []
  : packageFolders(join(import.meta.dirname, "..", "..", "artifact_store"));

/** Milliseconds that a step has to clean up once it is told to stop. */
const CLEAN_UP = 2000;

/**
 * Runs a step with only the permissions it declares. What it prints becomes lines of
 * the run. When the context's signal is aborted it is told so with SIGTERM, and ended
 * if it has not stopped soon after.
 *
 * @param files Paths that it is given as inputs and so may read.
 * @throws what the step throws; {@link UserError} for something that it does not declare.
 */
export async function runIsolated(
  request: StepRequest,
  permissions: StepPermissions,
  files: readonly string[],
  context: StepContext,
): Promise<unknown> {
  const { signal } = context;
  signal.throwIfAborted();
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await writeRequest(folder, request);
    const mark = `\x1e${crypto.randomUUID()} `;
    const entry = join(folder, "entry.ts");
    await Deno.writeTextFile(entry, entryText(request.file, folder, mark));
    const config = findConfig(dirname(resolve(request.file)));
    const inputs = [
      ...files,
      ...contentsOf(request.inputs.document).files.map(({ path }) => path),
    ];
    const given = [
      ...inputs,
      // Packages look for files of their own; the lockfile counts for what these hold.
      ...packageFolders(dirname(resolve(request.file))),
      ...runnerFolders,
    ];
    const { read = [], write = [] } = permissions;
    const flags = permissionFlags({
      ...permissions,
      read: [folder, ...given, ...read, ...write],
      write: [join(folder, OUTPUT), ...write],
    });
    const command = await denoCommand(
      [
        ...["run", "--quiet"],
        ...config === undefined ? [] : ["--config", config],
        ...isOffline(permissions) ? ["--cached-only"] : [],
        ...flags,
        entry,
      ],
      { env: { NO_COLOR: "1" }, stdin: "null", stdout: "piped", stderr: "piped" },
    );
    await using guarded = await guardedProcess(command);
    const { end, errors } = await follow(guarded.child, mark, context);
    signal.throwIfAborted();
    if (end?.type === "result") {
      for (const line of errors) context.warn(line);
      const { document, blobs } = await readEncoded(join(folder, OUTPUT));
      const saved = contentsOf(document).files.map(({ path }) => path);
      checkSavedFiles(unitOf(request), saved, [...inputs, ...read, ...write]);
      return decode(document, blobs);
    }
    if (end?.type === "error") throw unpackError(end.error);
    throw startError(unitOf(request), errors.join("\n"));
  } finally {
    await removeIfPresent(folder);
  }
}

function unitOf({ unit }: StepRequest): string {
  return unitName(unit.step, unit.item);
}

function isOffline({ net = [] }: StepPermissions): boolean {
  return net !== true && net.length === 0;
}

/** Where a package is looked for that is asked for in `folder`: in it and above it. */
function packageFolders(folder: string): string[] {
  const own = join(folder, "node_modules");
  const above = dirname(folder);
  return above === folder ? [own] : [own, ...packageFolders(above)];
}

/**
 * The pipeline is imported, not loaded by name while running: what a program imports
 * needs no permission to be read.
 */
function entryText(file: string, folder: string, mark: string): string {
  const from = (url: string) => `from ${JSON.stringify(url)};`;
  return [
    `import pipeline ${from(toFileUrl(resolve(file)).href)}`,
    `import { serveStep } ${from(new URL("./step_process.ts", import.meta.url).href)}`,
    `await serveStep(pipeline, ${JSON.stringify(folder)}, ${JSON.stringify(mark)});`,
  ].join("\n");
}

/** Passes on what the process says until it ends. */
async function follow(child: Deno.ChildProcess, mark: string, context: StepContext) {
  let end: Extract<ProcessMessage, { type: "result" | "error" }> | undefined;
  const errors: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    timer = setTimeout(() => child.kill("SIGKILL"), CLEAN_UP);
  };
  context.signal.addEventListener("abort", stop, { once: true });
  const kill = () => child.kill("SIGKILL");
  addEventListener("unload", kill); // the run is ended at once, by a second Ctrl-C
  const take = (line: string) => {
    const [printed, text] = line.split(mark);
    if (printed !== "") context.log(printed);
    if (text === undefined) return;
    const message = JSON.parse(text) as ProcessMessage;
    if (message.type === "result" || message.type === "error") end = message;
    else tell(message, context);
  };
  try {
    await Promise.all([
      eachLine(child.stdout, take),
      eachLine(child.stderr, (line) => void (line !== "" && errors.push(line))),
      child.status,
    ]);
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", stop);
    removeEventListener("unload", kill);
  }
  return { end, errors };
}

/** Why a process ended before its step began: most often, what its modules do when loaded. */
function startError(step: string, text: string): Error {
  const denied = deniedError(step, text);
  if (denied) return denied;
  const reason = /^error: (.*)$/m.exec(text)?.[1] ?? "its process ended without a word";
  return new Error(`Cannot run step ${step} in a process of its own: ${reason}`);
}
