/** A server in a process of its own. */

import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { onSmallDisk } from "../small_disk.ts";
import { waitUntil } from "../wait_until.ts";
import { save, type Which } from "./fixture.ts";

/** The project's folder. */
export const root = fromFileUrl(new URL("../..", import.meta.url));

/** A server with the task's permissions for a temporary folder. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #log: Promise<void>;
  /** Lines of its log, as they come. */
  readonly lines: Record<string, unknown>[] = [];
  #text = "";

  /**
   * Starts it; `env` joins the environment, `room` is how many descriptors it may have open or that
   * its log has a small disk of its own, `readable` are more folders. One that starts pipelines runs in
   * a copy of the project, `cwd`, for these keep what they make.
   */
  constructor(
    readonly folder: string,
    flags: readonly string[],
    env: Record<string, string> = {},
    room?: number | "small disk",
    readable: readonly string[] = [],
    cwd: string = root,
  ) {
    const args = denoConfig.tasks.serve.command.split(" ").slice(1).map((arg) =>
      arg.startsWith("--allow-write=")
        ? `--allow-write=${join(folder, "log")}`
        : arg.startsWith("--allow-read")
        ? `--allow-read=${[folder, ...readable, "."]}`
        : arg
    );
    const command = [
      ...[Deno.execPath(), ...args],
      ...["--port", "0", "--models-folder", folder, "--prediction-log", join(folder, "log")],
      ...flags,
    ];
    const limited = typeof room === "number"
      ? ["bash", "-c", `ulimit -n ${room}; exec "$0" "$@"`, ...command]
      : room === "small disk"
      ? onSmallDisk(join(folder, "log"), command)
      : command;
    this.#child = new Deno.Command(limited[0], {
      args: limited.slice(1),
      cwd,
      env: { NO_COLOR: "1", ...env },
      stderr: "piped",
      stdout: "null",
    }).spawn();
    this.#log = this.#read();
  }

  /** Number of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#text += text;
      const complete = this.#text.split("\n");
      this.#text = complete.pop()!;
      for (const line of complete) {
        if (/Blocking waiting for file lock/.test(line)) continue; // Deno, not the server, says so
        assert(line.startsWith("{"), line);
        this.lines.push(JSON.parse(line));
      }
    }
  }

  /** Waits for a line of the log. */
  async logged(message: string): Promise<Record<string, unknown>> {
    let ended = false;
    this.#log.then(() => ended = true);
    const found = () => this.lines.find((line) => line.message === message);
    await waitUntil(() => found() !== undefined || ended, `the server logs "${message}"`);
    const line = found();
    if (line !== undefined) return line;
    throw new Error(`it ended without "${message}": ${JSON.stringify(this.lines)}${this.#text}`);
  }

  /** Asks it to stop and gives its exit code. */
  stop(): Promise<number> {
    return this.#end("SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: Deno.Signal): Promise<number> {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    await this.#log;
    return (await this.#child.status).code;
  }
}

/** Starts a server of a folder with one model, and ends it and removes the folder after `test`. */
export async function withServer(
  flags: readonly string[],
  test: (server: ServerProcess, url: string) => Promise<void>,
  { descriptors, env, which = 0, readable = [], cwd }: {
    /** All that it may have open. */
    readonly descriptors?: number;
    readonly env?: Record<string, string>;
    readonly which?: Which;
    /** Folders that it may read beside its own. */
    readonly readable?: readonly string[];
    /** A copy of the project that it runs in. */
    readonly cwd?: string;
  } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await save(folder, which);
    await using server = new ServerProcess(folder, flags, env, descriptors, readable, cwd);
    const { url } = await server.logged("listening") as { url: string };
    await test(server, url);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
