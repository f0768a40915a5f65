/** `deploy/nginx.conf` in a real nginx, before a real server: what callers from the internet are held to. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { succeeds } from "../program.ts";
import { waitUntil } from "../wait_until.ts";
import { certify, openssl } from "./certificate.ts";
import { records } from "./fixture.ts";
import { root, type ServerProcess, withServer } from "./server_process.ts";
import { freePort } from "../free_port.ts";

const run = (args: string[]) => new Deno.Command("nginx", { args }).output();
const installed = openssl && await succeeds("nginx", "-v");

/** The configuration as it is shipped, but for ports, files and the folder of its own. */
async function configure(folder: string, port: number, upstream: string): Promise<string> {
  await certify(folder, "localhost");
  const shipped = await Deno.readTextFile(join(root, "deploy/nginx.conf"));
  const http2 = /nginx\/1\.(?:1\d|2[0-4])\./.test(
    new TextDecoder().decode((await run(["-v"])).stderr),
  );
  const changes: [string, string][] = [
    ["listen 443 ssl;", `listen 127.0.0.1:${port} ssl${http2 ? " http2" : ""};`],
    // Until nginx 1.25 it is a word of `listen`.
    ["    http2 on;\n", http2 ? "" : "    http2 on;\n"],
    ["server 127.0.0.1:5000;", `server ${upstream};`],
    ["/etc/nginx/tls/cert.pem", join(folder, "cert.pem")],
    ["/etc/nginx/tls/key.pem", join(folder, "key.pem")],
    [
      "http {\n",
      `http {\n  access_log off;\n${
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
          `  ${name}_temp_path ${join(folder, name)};\n`
        ).join("")
      }`,
    ],
  ];
  let text = `pid ${join(folder, "nginx.pid")};\ndaemon off;\nerror_log ${
    join(folder, "error.log")
  };\n`;
  text += changes.reduce((text, [from, to]) => {
    assert(text.includes(from), from);
    return text.replace(from, to);
  }, shipped);
  const path = join(folder, "nginx.conf");
  await Deno.writeTextFile(path, text);
  return path;
}

async function withNginx(
  test: (address: { port: number; server: ServerProcess; caCert: string }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await withServer(
      ["--trust-proxy", "127.0.0.1", "--access-log", "info"],
      async (server, url) => {
        const port = freePort();
        const path = await configure(folder, port, new URL(url).host);
        const checked = await run(["-t", "-c", path, "-e", join(folder, "error.log")]);
        assert(checked.success, new TextDecoder().decode(checked.stderr));
        const nginx = new Deno.Command("nginx", {
          args: ["-c", path, "-e", join(folder, "error.log")],
          stdout: "null",
          stderr: "null",
        }).spawn();
        try {
          await waitUntil(async () => {
            const connection = await Deno.connect({ hostname: "127.0.0.1", port })
              .catch(() => undefined);
            connection?.close();
            return connection !== undefined;
          }, "nginx listens");
          const caCert = await Deno.readTextFile(join(folder, "cert.pem"));
          await test({ port, server, caCert });
        } finally {
          nginx.kill("SIGTERM");
          await nginx.status;
        }
      },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "nginx: slow and idle connections end, too many of one address are refused, others are " +
    `answered${installed ? "" : " (needs nginx and openssl)"}`,
  ignore: !installed,
  fn: () =>
    withNginx(async ({ port, server, caCert }) => {
      using client = Deno.createHttpClient({ caCerts: [caCert] });
      const ask = async (path: string, init: RequestInit = {}) => {
        const headers = { "content-type": "application/json" };
        const response = await fetch(`https://127.0.0.1:${port}${path}`, {
          ...{ client, headers },
          ...init,
        });
        await response.body?.cancel();
        return response.status;
      };
      const predict = () => ask("/predict", { method: "POST", body: JSON.stringify(records[0]) });
      assertEquals(await predict(), 200);

      // Half a head: the server alone would wait for ever.
      const slow = await Promise.all(Array.from({ length: 8 }, async () => {
        const connection = await Deno.connectTls({
          hostname: "127.0.0.1",
          port,
          caCerts: [caCert],
        });
        const head = "POST /predict HTTP/1.1\r\nHost: x\r\n";
        await connection.write(new TextEncoder().encode(head));
        return connection;
      }));
      const ended = Promise.all(slow.map(async (connection) => {
        const left = await connection.read(new Uint8Array(4096)).catch(() => null);
        connection.close();
        return left;
      }));
      assertEquals(await predict(), 200);
      await ended;
      assertEquals(await predict(), 200);

      // Bodies under way count for their address: 32 of them, more are refused.
      const held = await Promise.all(Array.from({ length: 40 }, async () => {
        const connection = await Deno.connectTls({
          hostname: "127.0.0.1",
          port,
          caCerts: [caCert],
        });
        const head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
          "Content-Length: 100\r\n\r\n{";
        await connection.write(new TextEncoder().encode(head));
        return connection;
      }));
      const answers = await Promise.all(held.map(async (connection) => {
        const buffer = new Uint8Array(4096);
        const read = await connection.read(buffer).catch(() => null);
        connection.close();
        return new TextDecoder().decode(buffer.subarray(9, read === null ? 9 : 12));
      }));
      const refused = answers.filter((status) => status === "429").length;
      assert(refused >= 8, `${refused} of 40 were refused: ${answers}`);

      // What the caller wrote himself is not believed; nginx' own word is.
      const forged = { "x-forwarded-for": "203.0.113.9", forwarded: "for=203.0.113.9" };
      assertEquals(await ask("/livez", { headers: forged }), 200);
      const requests = () => server.lines.filter(({ route }) => route === "/livez");
      await waitUntil(() => requests().length > 0, "the request is logged");
      assertEquals(requests().map(({ address }) => address), ["127.0.0.1"]);
    }),
});
