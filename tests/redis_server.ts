/** A real Redis in a process of its own, which can be frozen, killed and started again. */

import { freePort } from "./free_port.ts";
import { isInstalled } from "./program.ts";
import { waitUntil } from "./wait_until.ts";

/** Whether this machine has one; else tests that need it are skipped by name. */
export const redisInstalled: boolean = await isInstalled("redis-server");

/** A Redis that keeps nothing on disk. */
export class RedisServer implements AsyncDisposable {
  #child?: Deno.ChildProcess;

  private constructor(readonly port: number, private readonly args: readonly string[]) {}

  /** Its address. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Starts one at a port, with more arguments of `redis-server`. */
  static async start(port = freePort(), ...args: string[]): Promise<RedisServer> {
    const server = new RedisServer(port, args);
    await server.start();
    return server;
  }

  /** Starts it, or starts it again, empty. */
  async start(): Promise<void> {
    this.#child = new Deno.Command("redis-server", {
      args: [
        ...["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"],
        ...this.args,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await waitUntil(async () => {
      try {
        using connection = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
        await connection.write(new TextEncoder().encode("PING\r\n"));
        return (await connection.read(new Uint8Array(64)) ?? 0) > 0;
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
        return false;
      }
    }, "Redis answers");
  }

  /** Stops its process where it is, or lets it go on: its connections stay open meanwhile. */
  freeze(frozen: boolean): void {
    this.#child!.kill(frozen ? "SIGSTOP" : "SIGCONT");
  }

  /** Kills it. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    await child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
