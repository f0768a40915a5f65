/** Answers in codings, their lengths for HEAD, and slashes at the end of paths. */

import { assert, assertEquals } from "@std/assert";
import zlib from "node:zlib";
import { acceptedCoding } from "../../serve/http/codings.ts";
import { records } from "./fixture.ts";
import { withServer } from "./server_process.ts";

Deno.test("codings: what a caller likes best is taken", () => {
  const cases = [
    ["gzip, deflate, br, zstd", "zstd"],
    ["gzip, deflate, br", "br"],
    ["gzip;q=1.0, br;q=0.1", "gzip"],
    ["br;q=0, gzip;q=0.5, *;q=0", "gzip"],
    ["*", "zstd"],
    ["GZIP", "gzip"],
    ["deflate, identity", undefined],
    ["gzip;q=nonsense", undefined],
    ["", undefined],
  ] as const;
  for (const [header, wanted] of cases) assertEquals(acceptedCoding(header), wanted, header);
});

/** What comes over the wire, which fetch would unpack. */
async function raw(url: string, request: string): Promise<{ head: string; body: Uint8Array }> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(request));
  let bytes = new Uint8Array();
  const buffer = new Uint8Array(1 << 16);
  while (true) {
    const read = await connection.read(buffer);
    if (read === null) throw new Error("the connection ended");
    bytes = new Uint8Array([...bytes, ...buffer.subarray(0, read)]);
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = text.slice(0, end);
    const told = /content-length: (\d+)/i.exec(head)?.[1];
    if (told === undefined) throw new Error(`an answer tells no length: ${head}`);
    const length = request.startsWith("HEAD") ? 0 : Number(told);
    if (bytes.length >= end + 4 + length) return { head, body: bytes.slice(end + 4) };
  }
}

for (const workers of ["1", "2"]) {
  Deno.test(`serve: large answers are compressed, small ones are not; HEAD tells the length (--workers ${workers})`, () =>
    withServer(["--workers", workers], async (_, url) => {
      const post = (path: string, body: unknown, coding: string) => {
        const text = JSON.stringify(body);
        return raw(
          url,
          `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
            `Accept-Encoding: ${coding}\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        );
      };
      const get = (path: string, coding: string, method = "GET") =>
        raw(url, `${method} ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${coding}\r\n\r\n`);
      const unpack: Record<string, (bytes: Uint8Array) => Uint8Array> = {
        gzip: zlib.gunzipSync,
        br: zlib.brotliDecompressSync,
        zstd: zlib.zstdDecompressSync,
      };
      const some = { records: records.slice(0, 50) };
      for (const [coding, unpackSync] of Object.entries(unpack)) {
        for (
          const answer of [
            await post("/predict/batch", some, coding),
            await get("/openapi.json", coding),
          ]
        ) {
          assert(answer.head.includes(`content-encoding: ${coding}`), answer.head);
          assert(/vary: accept-encoding/i.test(answer.head), answer.head);
          assert(typeof JSON.parse(new TextDecoder().decode(unpackSync(answer.body))) === "object");
        }
      }
      const small = await post("/predict", records[0], "gzip");
      assert(!/content-encoding|vary/i.test(small.head), small.head);
      const one = await post("/predict/batch", { records: records.slice(0, 1) }, "gzip");
      assert(!/content-encoding/i.test(one.head), one.head);
      assert(JSON.parse(new TextDecoder().decode(one.body)).count === 1);

      for (const path of ["/", "/livez", "/openapi.json", "/docs", "/docs/swagger-ui.css", "/v2"]) {
        for (const coding of ["identity", "gzip"]) {
          const [head, whole] = [await get(path, coding, "HEAD"), await get(path, coding)];
          const length = Number(/content-length: (\d+)/i.exec(head.head)?.[1]);
          assertEquals(length, whole.body.length, `${path} ${coding}\n${head.head}`);
        }
      }
      for (const path of ["/livez/", "/v2/", "/v2/models/Model0/", "/docs/", "/openapi.json/"]) {
        assert((await get(path, "identity")).head.startsWith("HTTP/1.1 200"), path);
      }
      assert((await post("/predict/", records[0], "identity")).head.startsWith("HTTP/1.1 200"));
    }));
}
