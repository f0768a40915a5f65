/** Files at addresses, as inputs of a pipeline. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AwsClient } from "aws4fetch";
import { DataError, ServiceError, sha256, UsageError, UserError } from "../../src/base/mod.ts";
import { fetchedFile } from "../../src/pipeline/run/remote_file.ts";
import { Project } from "./project.ts";
import { s3Program, S3Server } from "../artifact_store/s3_server.ts";

const words = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("words", {
  description: "Counts words", params: z.object({ text: z.string().default("text.txt") }),
}, ({ step, file, params }) => {
  const text = file("text", params.text);
  step("count", { text }, async ({ text }, { log }) =>
    log((await Deno.readTextFile(text)).split(" ").length + " words"));
});
`;

/** A server of one file that counts what it is asked. */
class Files implements AsyncDisposable {
  content = "one two three";
  tagged = true;
  fault: "" | "missing" | "closed" | "cut" | "busy" = "";
  readonly asked: string[] = [];
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ method }) => {
      this.asked.push(method);
      const headers = new Headers();
      if (this.tagged) headers.set("etag", `"${sha256(this.content).slice(0, 8)}"`);
      if (this.fault === "missing") return new Response(null, { status: 404 });
      if (this.fault === "closed") return new Response(null, { status: 403 });
      if (this.fault === "busy") return new Response(null, { status: 503 });
      if (this.fault === "cut") headers.set("content-length", "1000");
      const body = new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(this.content));
          controller.close();
        },
      });
      return new Response(method === "HEAD" ? null : body, { headers });
    },
  );

  get address(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/data/text.txt`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Keeps copies in a folder of its own. */
async function inFolder(
  work: (fetched: typeof fetchedFile, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work((address, options) => fetchedFile(address, { folder, ...options }), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("remote files: fetched once, and again when they change", async () => {
  await using files = new Files();
  await using project = await Project.create({ "pipelines/words.ts": words, "deno.json": "{}" });
  const run = async () => {
    files.asked.length = 0;
    const { stdout, stderr } = await project.run("words", "--param", `text=${files.address}`);
    return [stdout.trim(), /^count: CACHED$/m.test(stderr), files.asked.join(" ")];
  };
  assertEquals(await run(), ["3 words", false, "GET"]);
  assertEquals(await run(), ["3 words", true, "HEAD"]);
  files.content = "one two three four";
  assertEquals(await run(), ["4 words", false, "HEAD GET"]);
});

Deno.test("remote files: pinned content is used without asking, other content is refused", () =>
  inFolder(async (fetched) => {
    await using files = new Files();
    const right = `${files.address}#sha256=${sha256(files.content)}`;
    const path = await fetched(right);
    assertEquals(await Deno.readTextFile(path), files.content);
    files.fault = "closed";
    assertEquals(await fetched(right), path);
    assertEquals(files.asked, ["GET"]);
    files.fault = "";
    const error = await assertRejects(
      () => fetched(`${files.address}#sha256=${"0".repeat(64)}`),
      DataError,
      "not the one that is pinned",
    );
    assertStringIncludes(error.next!, sha256(files.content));
    assertEquals(await Deno.readTextFile(path), files.content); // the copy stands
    files.tagged = false; // nothing tells whether it changed: it is fetched each time
    files.content = "other";
    assertEquals(await Deno.readTextFile(await fetched(files.address)), "other");
  }));

Deno.test("remote files: faults say what to do, and leave nothing behind", () =>
  inFolder(async (fetched, folder) => {
    await using files = new Files();
    const quick = { pauseSeconds: 0.001 };
    for (
      const [fault, kind, message, next] of [
        ["missing", DataError, "there is nothing at this address", "check the address"],
        ["closed", UserError, "it refuses (status 403)", "signed beforehand"],
        ["busy", ServiceError, "it answers 503 (tried 5 times)", "is pinned"],
        ["cut", ServiceError, "(tried 5 times)", "whether the server is up"],
      ] as const
    ) {
      files.fault = fault;
      const error = await assertRejects(() => fetched(files.address, quick), kind, message);
      assertStringIncludes(error.next!, next);
    }
    const left = await Array.fromAsync(Deno.readDir(folder));
    for (const { name } of left) {
      assertEquals(await Array.fromAsync(Deno.readDir(`${folder}/${name}`)), []);
    }
    for (const wrong of ["s3://bucket", "s3://bucket/folder/", `${files.address}#md5=1`]) {
      await assertRejects(() => fetched(wrong), UsageError);
    }
    const gone = await assertRejects(
      () => fetched("http://127.0.0.1:1/x", quick),
      ServiceError,
      "Cannot fetch http://127.0.0.1:1/x",
    );
    assertStringIncludes(gone.next!, "#sha256=");
  }));

Deno.test({
  name: "remote files: from a bucket, with the keys that its store takes (needs S3)",
  ignore: s3Program === undefined,
}, () =>
  inFolder(async (fetched) => {
    await using server = await S3Server.start();
    const env = server.env();
    const client = new AwsClient({
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...{ service: "s3", region: "us-east-1" },
    });
    const put = async (body: string) => {
      const url = `${server.address}/team/data/of%20mine.csv`;
      const { ok } = await client.fetch(url, { method: "PUT", body });
      assert(ok);
    };
    const get = async (key: string) =>
      await Deno.readTextFile(
        await fetched(`s3://team/${key}`, { env: (name) => env[name], pauseSeconds: 0.001 }),
      );
    await put("a,b\n1,2\n");
    assertEquals(await get("data/of mine.csv"), "a,b\n1,2\n");
    await put("a,b\n3,4\n");
    assertEquals(await get("data/of mine.csv"), "a,b\n3,4\n");
    const error = await assertRejects(() => get("data/other.csv"), DataError, "nothing at this");
    assertStringIncludes(error.message, "s3://team/data/other.csv");
  }));
