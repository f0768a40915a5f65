/** Alerts as web services, programs, Alertmanager and mail servers get them. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ServiceError, UsageError } from "../../src/base/mod.ts";
import { openChannels } from "../../src/monitoring/deliver/deliver.ts";
import type { AlertRecord } from "../../src/monitor_files/mod.ts";
import { inFolder } from "./files.ts";

const alert: AlertRecord = {
  id: "sales_v_20261101_080000/data_drift/2026-11-02T10:00:00.000Z#0",
  timestamp: "2026-11-02T10:00:00.000Z",
  ...{ alert_type: "data_drift", status: "open", severity: "high" },
  ...{ model_name: "sales", model_version: "20261101_080000" },
  action_required: "Look at the drifted columns",
  message: "area differ from training",
  drift_features: ["area"],
  psi_scores: { area: 0.4 },
};

const { signal } = new AbortController();
const opened = (variables: Record<string, string>) => openChannels((name) => variables[name]);

/** Answers with a status, and remembers what came. */
async function withService(
  status: number,
  test: (url: string, got: { path: string; body: unknown }[]) => Promise<void>,
): Promise<void> {
  const got: { path: string; body: unknown }[] = [];
  await using server = Deno.serve({ port: 0, onListen() {} }, async (request) => {
    got.push({ path: new URL(request.url).pathname, body: await request.json() });
    return new Response(null, { status });
  });
  await test(`http://localhost:${server.addr.port}`, got);
}

Deno.test("deliver: a webhook gets the alert, Slack a text, Alertmanager its labels", () =>
  withService(200, async (url, got) => {
    const channels = await opened({
      MONITOR_WEBHOOK: `${url}/hook`,
      MONITOR_SLACK_WEBHOOK: `${url}/slack`,
      MONITOR_ALERTMANAGER: `${url}/`,
    });
    for (const channel of channels) {
      await channel.tell(alert, signal);
      await channel.tell({ ...alert, status: "resolved" }, signal);
    }
    const of = (path: string) => got.filter((one) => one.path === path).map(({ body }) => body);
    assertEquals(of("/hook")[0], JSON.parse(JSON.stringify(alert)));
    const [{ text }] = of("/slack") as { text: string }[];
    assert(text.startsWith("high data drift of sales 20261101_080000: area"), text);
    const posted = of("/api/v2/alerts") as {
      labels: Record<string, string>;
      endsAt: string;
    }[][];
    assertEquals(posted[0][0].labels, {
      ...{ alertname: "data_drift", model: "sales", version: "20261101_080000" },
    });
    assertEquals(posted[1][0].labels, posted[0][0].labels);
    assertEquals([posted[0][0].endsAt > alert.timestamp, posted[1][0].endsAt], [
      ...[true, alert.timestamp],
    ]);
  }));

Deno.test("deliver: an answer that is no success is told without the address", () =>
  withService(500, async (url) => {
    const [channel] = await opened({ MONITOR_WEBHOOK: `${url}/secret-path` });
    const error = await assertRejects(() => channel.tell(alert, signal), ServiceError, "500");
    assert(!error.message.includes("secret-path"));
  }));

Deno.test("deliver: a program gets the alert at its input, and its failure is one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "got.json");
    const run = (script: string) => JSON.stringify(["bash", "-c", script]);
    const [channel] = await opened({ MONITOR_COMMAND: run(`cat > ${path}`) });
    await channel.tell(alert, signal);
    assertEquals(JSON.parse(await Deno.readTextFile(path)).id, alert.id);
    const [failing] = await opened({ MONITOR_COMMAND: run("exit 3") });
    await assertRejects(() => failing.tell(alert, signal), Error, "it ended with 3");
    await assertRejects(() => opened({ MONITOR_COMMAND: "mail -s x" }), UsageError, "no list");
  }));

/** A mail server that takes one mail and gives its lines. */
async function takeMail(listener: Deno.TcpListener): Promise<string[]> {
  const connection = await listener.accept();
  const lines: string[] = [];
  const say = (text: string) => connection.write(new TextEncoder().encode(`${text}\r\n`));
  await say("220 test ESMTP");
  let [rest, inData] = ["", false];
  for await (const piece of connection.readable.pipeThrough(new TextDecoderStream())) {
    const all = (rest + piece).split("\r\n");
    rest = all.pop()!;
    for (const line of all) {
      if (inData) {
        if (line !== ".") {
          lines.push(line);
          continue;
        }
        inData = false;
        await say("250 queued");
      } else if (/^DATA/i.test(line)) {
        inData = true;
        await say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        await say("221 bye").catch(() => {});
        return lines;
      } else {
        lines.push(line);
        await say("250 ok");
      }
    }
  }
  return lines;
}

Deno.test({
  name: "deliver: mail goes out over SMTP with the alert in it",
  // nodemailer leaves closing its socket to the other side.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: async () => {
    using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const mail = takeMail(listener);
    const [channel] = await opened({
      MONITOR_SMTP: `smtp://127.0.0.1:${listener.addr.port}`,
      MONITOR_MAIL_TO: "ops@example.com",
    });
    await channel.tell(alert, signal);
    const text = (await mail).join("\n");
    assert(/RCPT TO:<ops@example.com>/.test(text), text);
    assert(/^Subject: high data drift of sales/m.test(text), text);
    await assertRejects(() => opened({ MONITOR_SMTP: "smtp://x" }), UsageError, "MONITOR_MAIL_TO");
  },
});
