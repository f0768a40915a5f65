import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { slotSchema } from "../../serve/openapi/schemas.ts";
import { classAnswer } from "./answers.ts";
import { records, save } from "./fixture.ts";
import { root, ServerProcess } from "./server_process.ts";
import { waitUntil } from "../wait_until.ts";

for (const workers of ["1", "2"]) {
  Deno.test(`serve: a process starts, predicts, reloads, and ends well on SIGTERM under load (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const first = await save(folder);
      await using server = new ServerProcess(folder, ["--poll-seconds", "1", "--workers", workers]);
      const { url } = await server.logged("listening") as { url: string };
      const post = (path: string, body: unknown) =>
        fetch(url + path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
      const predict = async () =>
        classAnswer.parse(await (await post("/predict", records[0])).json());
      assertEquals((await predict()).model_version, first.metadata.version);

      const second = await save(folder, 1);
      await waitUntil(
        async () => (await predict()).model_version === second.metadata.version,
        "the second model answers",
      );
      const back = await post("/model/load", { version: first.metadata.version });
      assertEquals(slotSchema.parse(await back.json()).loaded!.name, "Model0");

      // Whoever was let in gets an answer, and every answer is in the prediction log.
      const ids: string[] = [];
      const clients = Array.from({ length: 4 }, async () => {
        try {
          while (true) ids.push((await predict()).request_id);
        } catch (error) {
          // The connection is refused once it stops; a broken answer would be no JSON.
          assert(error instanceof TypeError, String(error));
        }
      });
      await waitUntil(() => ids.length > 20, "20 requests were answered");
      assertEquals(await server.stop(), 0);
      await Promise.all(clients);
      assertEquals(server.lines.at(-1)!.message, "stopped");
      let text = "";
      for await (const { name } of Deno.readDir(join(folder, "log"))) {
        text += await Deno.readTextFile(join(folder, "log", name));
      }
      const logged = new Set(
        text.trim().split("\n").map((line) => JSON.parse(line).request_id),
      );
      assertEquals(ids.filter((id) => !logged.has(id)), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const workers of ["1", "2"]) {
  Deno.test(`serve: who does not end a request keeps no server from ending (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      const flags = ["--timeout-ms", "1000", "--workers", workers];
      await using server = new ServerProcess(folder, flags);
      const { url } = await server.logged("listening") as { url: string };
      const port = Number(new URL(url).port);
      const sockets: Deno.TcpConn[] = [];
      for (const path of ["/predict", "/feedback"]) {
        const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n` +
          "Expect: 100-continue\r\n";
        const socket = await Deno.connect({ port });
        const begun = `${head}Content-Type: application/json\r\n\r\n{`;
        await socket.write(new TextEncoder().encode(begun));
        const answer = new Uint8Array(1000);
        const read = await socket.read(answer); // it has come, and its body is waited for
        assertMatch(new TextDecoder().decode(answer.subarray(0, read!)), /^HTTP\/1.1 100 /);
        sockets.push(socket);
      }
      assertEquals(await server.stop(), 0);
      for (const socket of sockets.splice(0)) {
        const answer = new Uint8Array(1000);
        const read = await socket.read(answer);
        assertMatch(new TextDecoder().decode(answer.subarray(0, read!)), /^HTTP\/1.1 503 /);
        socket.close();
      }
      assertEquals(server.lines.filter(({ level }) => level === "error"), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("serve: a process that cannot start says why, without a stack trace", async () => {
  const run = async (args: readonly string[]) => {
    const [, ...command] = denoConfig.tasks.serve.command.split(" ");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...command, ...args],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  };
  const wrong = await run(["--prot", "1"]);
  assertEquals(wrong.code, 2);
  assertMatch(wrong.stderr, /^error: Cannot understand --prot\nnext: did you mean --port\?\n$/);
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  for (const workers of [1, 2]) {
    const refused = await run([
      ...["--port", String(port), "--workers", String(workers)],
      ...["--models-folder", "models", "--prediction-log=off"],
    ]);
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, /Cannot listen on 127\.0\.0\.1:\d+: /);
    assert(!/\bat .*\.ts:\d+/.test(refused.stderr), refused.stderr);
  }
  const outside = await Deno.makeTempDir();
  const logging = await run(["--prediction-log", outside]);
  assertEquals(logging.code, 2);
  assertMatch(
    logging.stderr,
    /^error: Cannot log predictions to .*--allow-write.*\nnext: add .*\n$/,
  );
  await Deno.remove(outside);
  const help = await run(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(help.stdout, /deno task serve --port 8080/);
});
