/** A real Prometheus beside a server. */

import { join } from "@std/path";
import { waitUntil } from "../wait_until.ts";
import { freePort } from "../free_port.ts";

/** A Prometheus that scrapes four times a second. */
export class Prometheus implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #url: string;

  private constructor(folder: string, port: number) {
    this.#url = `http://127.0.0.1:${port}`;
    this.#child = new Deno.Command("prometheus", {
      args: [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "tsdb")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** Starts one that scrapes `target`, or by a configuration of one's own. */
  static async start(folder: string, target: string, own?: string): Promise<Prometheus> {
    const text = own ?? `scrape_configs:
  - job_name: dinoflow
    scrape_interval: 250ms
    scrape_timeout: 250ms
    static_configs: [{ targets: ["${target}"] }]
`;
    await Deno.writeTextFile(join(folder, "prometheus.yml"), text);
    return new Prometheus(folder, freePort());
  }

  /** The value of an expression, undefined if it has none yet. */
  async query(expression: string): Promise<number | undefined> {
    try {
      const url = `${this.#url}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { data } = await (await fetch(url)).json();
      return data?.result[0] === undefined ? undefined : Number(data.result[0].value[1]);
    } catch (error) {
      // It does not listen yet, or answers that it is not ready.
      if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Waits until an expression has a value that is wanted. */
  async until(expression: string, wanted: number): Promise<void> {
    await waitUntil(
      async () => await this.query(expression) === wanted,
      `Prometheus says that ${expression} is ${wanted}`,
    );
  }

  /** Names of the alerts that fire. */
  async firing(): Promise<string[]> {
    const { data } = await (await fetch(`${this.#url}/api/v1/alerts`)).json();
    return data.alerts.filter(({ state }: { state: string }) => state === "firing")
      .map(({ labels }: { labels: { alertname: string } }) => labels.alertname);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}
