/** A real S3 server: versitygw if it is installed, else moto from the Python references. */

import { AwsClient } from "aws4fetch";
import { fromFileUrl, join } from "@std/path";
import { isInstalled, succeeds } from "../program.ts";
import { waitUntil } from "../wait_until.ts";
import { freePort } from "../free_port.ts";

const python = fromFileUrl(import.meta.resolve("../../.venv/bin/python"));
const keys = { AWS_ACCESS_KEY_ID: "tester", AWS_SECRET_ACCESS_KEY: "secret-of-the-tester" };

async function find(): Promise<string | undefined> {
  const go = join(Deno.env.get("HOME") ?? "", "go/bin/versitygw");
  const own = fromFileUrl(import.meta.resolve("../../.dinoflow/bin/versitygw"));
  for (const name of ["versitygw", go, own]) if (await isInstalled(name)) return name;
  return await succeeds(python, "-c", "import moto.server") ? "moto" : undefined;
}

/** The server that can be had here; undefined if none can. */
export const s3Program: string | undefined = await find();

/** Whether it looks at signatures: moto takes any. */
export const checksKeys: boolean = s3Program !== undefined && s3Program !== "moto";

/** An S3 server with an empty bucket `team`. */
export class S3Server implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly address: string,
    private readonly child: Deno.ChildProcess,
  ) {}

  /** Starts it. */
  static async start(): Promise<S3Server> {
    const folder = await Deno.makeTempDir();
    const port = freePort();
    const [program, args] = s3Program === "moto"
      ? [python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)]]
      : [s3Program!, ["--port", `127.0.0.1:${port}`, "--health", "/health", "posix", folder]];
    const child = new Deno.Command(program, {
      args,
      env: { ROOT_ACCESS_KEY: keys.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: keys.AWS_SECRET_ACCESS_KEY },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const server = new S3Server(folder, `http://127.0.0.1:${port}`, child);
    const client = new AwsClient({
      accessKeyId: keys.AWS_ACCESS_KEY_ID,
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
      service: "s3",
      region: "us-east-1",
    });
    await waitUntil(async () => {
      try {
        const made = await client.fetch(`${server.address}/team`, { method: "PUT" });
        await made.body?.cancel();
        return made.ok;
      } catch (error) {
        if (error instanceof TypeError) return false; // it does not listen yet
        throw error;
      }
    }, "the S3 server has made a bucket");
    return server;
  }

  /** What a user sets to reach it, by way of another address if there is one. */
  env(address = this.address): Record<string, string> {
    return { ...keys, AWS_ENDPOINT_URL: address, AWS_REGION: "us-east-1" };
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}
