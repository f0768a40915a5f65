/** Callers that send slowly: what they are held to, and that others do not notice. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { records } from "./fixture.ts";
import { withServer } from "./server_process.ts";

const encoder = new TextEncoder();

/** Sends a head and then a byte at a time until the server answers. */
async function trickle(
  url: string,
  { headers = "", pauseMs, framed = (byte: string) => byte }: {
    headers?: string;
    pauseMs: number;
    framed?: (byte: string) => string;
  },
): Promise<string> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(encoder.encode(
    `POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n`,
  ));
  let answered = false;
  let text = "";
  const answer = (async () => {
    const buffer = new Uint8Array(4096);
    while (!text.includes("}")) {
      const read = await connection.read(buffer);
      if (read === null) break;
      answered = true;
      text += new TextDecoder().decode(buffer.subarray(0, read));
    }
    return text;
  })();
  while (!answered) {
    await connection.write(encoder.encode(framed(" "))).catch(() => {});
    await new Promise((done) => setTimeout(done, pauseMs));
  }
  return await answer;
}

const chunked = {
  headers: "Transfer-Encoding: chunked\r\n",
  framed: (byte: string) => `1\r\n${byte}\r\n`,
};

for (const workers of ["1", "2"]) {
  Deno.test(`slow callers: a body has its least rate and its time (--workers ${workers})`, () =>
    withServer(
      ["--workers", workers, "--body-rate", "200", "--body-timeout-ms", "4000"],
      async (_, url) => {
        const head = (length: number) => `Content-Length: ${length}\r\n`;
        const [declared, streamed, large] = await Promise.all([
          trickle(url, { headers: head(100), pauseMs: 100 }),
          trickle(url, { ...chunked, pauseMs: 100 }),
          // At the least rate it may take longer than a whole body may.
          trickle(url, { headers: head(100_000), pauseMs: 1 }),
        ]);
        for (const answer of [declared, streamed]) {
          assertMatch(answer, /^HTTP\/1.1 408 /);
          assert(answer.includes("less than 200 bytes a second"), answer);
        }
        assertMatch(large, /^HTTP\/1.1 408 /);
        assert(large.includes("did not come within 4000 ms"), large);
      },
    ));

  Deno.test(`slow callers: one address has only so many slow requests, others answers (--workers ${workers})`, () =>
    withServer(
      [
        ...["--workers", workers, "--address-limit", "4", "--trust-proxy", "127.0.0.1"],
        ...["--body-rate", "0", "--body-timeout-ms", "20000", "--timeout-ms", "20000"],
      ],
      async (_, url) => {
        const { hostname, port } = new URL(url);
        const open = async (address: string) => {
          const connection = await Deno.connect({ hostname, port: Number(port) });
          await connection.write(encoder.encode(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
              `X-Forwarded-For: ${address}\r\nContent-Length: 1000\r\n\r\n{`,
          ));
          return connection;
        };
        const greedy = await Promise.all(Array.from({ length: 20 }, () => open("203.0.113.1")));
        const modest = await Promise.all(Array.from({ length: 3 }, () => open("203.0.113.2")));
        const statuses: string[] = [];
        const read = async (connection: Deno.TcpConn) => {
          const buffer = new Uint8Array(4096);
          const count = await connection.read(buffer).catch(() => null);
          if (count !== null) statuses.push(new TextDecoder().decode(buffer.subarray(9, 12)));
        };
        const reading = [...greedy, ...modest].map(read);
        // Each worker has its own four: of 20 on two workers at least 12 are refused.
        const wanted = 20 - 4 * Number(workers);
        while (statuses.length < wanted) {
          const response = await fetch(`${url}/predict`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(records[0]),
          });
          await response.body?.cancel();
          assertEquals(response.status, 200);
          await new Promise((done) => setTimeout(done, 50));
        }
        assertEquals(new Set(statuses), new Set(["429"]));
        assert(statuses.length <= 16, `${statuses.length}`);
        for (const connection of [...greedy, ...modest]) connection.close();
        await Promise.all(reading);
      },
    ));

  Deno.test(`stopping: batches that had come are all answered, with Connection: close (--workers ${workers})`, () =>
    withServer(["--workers", workers], async (server, url) => {
      const { hostname, port } = new URL(url);
      const body = JSON.stringify({ records: Array.from({ length: 1000 }, () => records[0]) });
      const request = encoder.encode(
        "POST /predict/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      const kept = await Deno.connect({ hostname, port: Number(port) });
      const connections = await Promise.all(
        Array.from({ length: 10 }, () => Deno.connect({ hostname, port: Number(port) })),
      );
      await Promise.all(connections.map(async (connection) => {
        for (let sent = 0; sent < request.length;) {
          sent += await connection.write(request.subarray(sent));
        }
      }));
      await new Promise((done) => setTimeout(done, 30));
      const stopped = server.stop();
      const answers = await Promise.all(connections.map(async (connection) => {
        let text = "";
        for await (const piece of connection.readable) {
          text += new TextDecoder().decode(piece);
          if (text.endsWith("}]}")) break;
        }
        return text;
      }));
      for (const answer of answers) {
        assertMatch(answer, /^HTTP\/1.1 200 /);
        assert(answer.includes(`"count":1000`) && answer.endsWith("}]}"));
      }
      assertEquals(await stopped, 0);
      kept.close();
    }));

  Deno.test(`stopping: kept connections hear that they end (--workers ${workers})`, () =>
    withServer(["--workers", workers, "--drain-seconds", "2"], async (server, url) => {
      const headers = async (path: string) => {
        const response = await fetch(url + path);
        await response.body?.cancel();
        return response.headers.get("connection");
      };
      assertEquals(await headers("/livez"), null);
      const stopped = server.stop();
      await server.logged("stopping");
      const told = await Promise.all(["/livez", "/readyz", "/health"].map(headers));
      assertEquals(told, ["close", "close", "close"]);
      assertEquals(await stopped, 0);
    }));
}
