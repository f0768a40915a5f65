/** TLS, a certificate that changes, and the names that HTTP/2 gives. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import http2 from "node:http2";
import { readServerConfig } from "../../serve/config/read.ts";
import { certify, openssl } from "./certificate.ts";
import { records } from "./fixture.ts";
import { withServer } from "./server_process.ts";

const needs = openssl ? "" : " (needs openssl)";

/** Sends one request over HTTP/2. */
function ask(origin: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const client = http2.connect(origin, { rejectUnauthorized: false });
    client.on("error", reject);
    const request = client.request({ ":method": "POST", ...headers });
    request.on("response", (answer) => {
      resolve(Number(answer[":status"]));
      client.close();
    });
    request.on("error", reject);
    request.end();
  });
}

Deno.test("tls: a certificate needs its key", () => {
  const read = (args: string[]) =>
    readServerConfig({ args, env: () => undefined, readFile: () => "" });
  assertThrows(() => read(["--cert", "a.pem"]), Error, "KEY is not set");
  assertThrows(() => read(["--key", "a.pem"]), Error, "CERT is not set");
});

for (const workers of ["1", "2"]) {
  Deno.test(`tls: by HTTP/2 too only this machine changes the server without keys (--workers ${workers})`, () =>
    withServer(["--workers", workers], async (_, url) => {
      const reload = (more: Record<string, string>) =>
        ask(url, { ":path": "/model/reload", ...more });
      const { host } = new URL(url);
      assertEquals(await reload({ ":authority": host }), 200);
      assertEquals(await reload({ ":authority": "evil.example" }), 403);
      assertEquals(await reload({ ":authority": "localhost.evil.example" }), 403);
      assertEquals(await reload({ ":authority": host, origin: "https://evil.example" }), 403);
      assertEquals(await reload({ ":authority": host, forwarded: "for=127.0.0.1" }), 403);
    }));

  Deno.test({
    name:
      `tls: answers come encrypted, and a renewed certificate is shown (--workers ${workers})${needs}`,
    ignore: !openssl,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(folder, name));
      try {
        await certify(folder, "first");
        await withServer(
          ["--workers", workers, "--cert", cert, "--key", key, "--poll-seconds", "1"],
          async (server, url) => {
            assert(url.startsWith("https://"));
            const predict = async () => {
              const caCerts = [await Deno.readTextFile(cert)];
              using client = Deno.createHttpClient({ caCerts });
              const response = await fetch(`${url}/predict`, {
                ...{ client, method: "POST", body: JSON.stringify(records[0]) },
                headers: { "content-type": "application/json" },
              });
              await response.body?.cancel();
              return response.status;
            };
            assertEquals(await predict(), 200);
            assertEquals(await ask(url, { ":path": "/model/reload" }), 200);
            await Deno.writeTextFile(cert, "no certificate");
            await server.logged("certificate not changed");
            await certify(folder, "second");
            await server.logged("certificate changed");
            assertEquals(await predict(), 200);
            assertEquals(await server.stop(), 0);
          },
          { readable: [folder] },
        );
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
