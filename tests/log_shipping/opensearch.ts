/** A real OpenSearch in a process of its own, from its jars. */

import { fromFileUrl, join } from "@std/path";
import { freePort } from "../free_port.ts";
import { isInstalled, succeeds } from "../program.ts";
import { waitUntil } from "../wait_until.ts";

const fixtures = fromFileUrl(new URL("../fixtures/opensearch/", import.meta.url));
const jars = fromFileUrl(new URL("../../.dinoflow/opensearch/", import.meta.url));

/** Whether Java and Maven are here, which bring it. */
export const hasJava: boolean = await isInstalled("java") &&
  await isInstalled("mvn");

/** One node; killed and begun again it has what it had. */
export class OpenSearch implements AsyncDisposable {
  readonly port = freePort();
  #child?: Deno.ChildProcess;

  private constructor(readonly home: string) {}

  /** Fetches the jars, if they are not there, and starts a node. */
  static async start(): Promise<OpenSearch> {
    const args = ["-q", "-B", "-f", join(fixtures, "pom.xml"), "dependency:copy-dependencies"];
    const known = await Deno.stat(join(jars, "done")).then(() => true, () => false);
    if (!known) {
      if (!await succeeds("mvn", ...args, `-DoutputDirectory=${jars}`)) {
        throw new Error("Maven cannot fetch OpenSearch");
      }
      await Deno.writeTextFile(join(jars, "done"), "");
    }
    const node = new OpenSearch(await Deno.makeTempDir());
    await node.begin();
    return node;
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it. */
  async begin(): Promise<void> {
    this.#child = new Deno.Command("java", {
      args: [
        ...["-Xmx512m", "-cp", join(jars, "*"), join(fixtures, "OpenSearchNode.java")],
        ...[this.home, String(this.port)],
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await waitUntil(
      () =>
        fetch(this.url).then(
          async (answer) => (await answer.body?.cancel(), answer.ok),
          () => false,
        ),
      "OpenSearch is up",
    );
  }

  /** Kills it. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    this.#child = undefined;
  }

  /** Asks it. */
  async ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** Number of documents of an index that fit a query. */
  async count(index: string, query: unknown = { match_all: {} }): Promise<number> {
    await this.ask("POST", `${index}/_refresh`);
    return (await this.ask("POST", `${index}/_count`, { query })).count as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child !== undefined) await this.kill();
    await Deno.remove(this.home, { recursive: true });
  }
}
