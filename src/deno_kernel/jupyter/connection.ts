/** The file with which Jupyter tells a kernel if to listen. */

import { UsageError } from "../../base/mod.ts";

/** Where a kernel listens, and how messages are signed. */
export interface Connection {
  /** Address. */
  readonly ip: string;
  /** Port of requests. */
  readonly shell_port: number;
  /** Port of outputs. */
  readonly iopub_port: number;
  /** Port of input for the kernel. */
  readonly stdin_port: number;
  /** Port of requests that go first. */
  readonly control_port: number;
  /** Port of the heartbeat. */
  readonly hb_port: number;
  /** Signs messages. */
  readonly key: string;
}

/**
 * Reads a connection file.
 *
 * @throws {UsageError} if it is none, or asks for what the kernel does not have.
 */
export async function readConnection(path: string): Promise<Connection> {
  const given = JSON.parse(await Deno.readTextFile(path)) as Connection & {
    readonly transport?: string;
    readonly signature_scheme?: string;
  };
  const { transport = "tcp", signature_scheme = "hmac-sha256" } = given;
  if (transport !== "tcp" || signature_scheme !== "hmac-sha256") {
    throw new UsageError(`Cannot connect by ${transport} signed with ${signature_scheme}`, {
      next: "the kernel takes tcp and hmac-sha256",
    });
  }
  const ports = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;
  const wrong = ports.find((name) => !Number.isInteger(given[name]));
  if (wrong !== undefined) {
    throw new UsageError(`Cannot read ${path}: it has no ${wrong}`, {
      next: "give the connection file that Jupyter has written",
    });
  }
  return given;
}
