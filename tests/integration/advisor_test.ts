/** From documents to published knowledge by the command line, without an encoder: words alone. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { latestKnowledge, openKnowledge, openPassageStore } from "../../src/retrieval/mod.ts";
import { FakeChatServer } from "../advisor/fake_chat_server.ts";
import { PgvectorServer, postgresPrograms } from "../retrieval/pgvector_server.ts";
import { Project, root, run } from "./project.ts";

Deno.test("advisor: knowledge is built, published, kept, and not replaced by a worse one", async () => {
  await using project = await Project.create();
  await Deno.mkdir(join(project.path, "data"));
  const documents = join(project.path, "data/knowledge");
  assertEquals((await run("cp", ["-r", join(root, "data/knowledge"), documents])).code, 0);
  const folder = join(project.path, "models/knowledge");
  const build = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.task("pipeline", ["advisor", ...args]);
    return { code, text: stdout + stderr };
  };

  // A first run publishes, tracks and tells that the encoder is not there.
  const first = await build();
  assertEquals(first.code, 0, first.text);
  assert(first.text.includes("36 documents, 0 refused"), first.text);
  assert(first.text.includes("deno task encoder"), first.text);
  assert(/words: recall@5 0\.\d+/.test(first.text), first.text);
  const published = (await latestKnowledge(folder))!;
  assertEquals([published.documents, published.encoder], [36, null]);
  assert(published.metrics.recall_at_5 > 0.7);
  assertEquals(published.prompt_version, "extractive");
  assertEquals(published.metrics.answers_injections_handled, 1);
  assertEquals(published.metrics.answers_pii_handled, 1);
  assert(published.metrics.answers_ordinary_kept >= 0.98, first.text);
  {
    await using knowledge = await openKnowledge({ folder });
    const [passage] = await knowledge!.retriever.search("What is FOIR?");
    assertEquals(passage.source, "credit/emi.md");
    assert(passage.text.includes("fixed obligations to income"));
  }
  const page = (await project.names("reports")).find((name) => name.startsWith("advisor_"))!;
  const report = await Deno.readTextFile(join(project.path, "reports", page));
  for (
    const title of ["Passages found", "Answers and refusals", "Gates", "Questions", "Documents"]
  ) {
    assert(report.includes(`<h2>${title}</h2>`), title);
  }
  const runs = await Array.fromAsync(Deno.readDir(join(project.path, "mlruns")));
  assert(runs.length > 0);
  const metric = await run("find", [join(project.path, "mlruns"), "-name", "words_recall_at_5"]);
  assert(metric.stdout.includes(published.run_id!), metric.stdout);
  const audit = await Deno.readTextFile(join(folder, "audit.jsonl"));
  assertEquals(JSON.parse(audit).to, published.version);

  // Nothing changed: nothing is made again, nothing is published again.
  const again = await build();
  assertEquals(again.code, 0, again.text);
  assert(again.text.includes("is published already"), again.text);
  assertEquals((await latestKnowledge(folder))!.version, published.version);

  // A file that is no document is told and does no harm.
  await Deno.writeFile(join(documents, "scan.pdf"), Uint8Array.of(1, 2, 3));
  const odd = await build();
  assertEquals(odd.code, 0, odd.text);
  assert(odd.text.includes("scan.pdf: it is no whole PDF"), odd.text);

  // Sections that say nothing any more are found less often: that is not published.
  for (const topic of ["credit", "tax", "safety"]) {
    for await (const { name } of Deno.readDir(join(documents, topic))) {
      const path = join(documents, topic, name);
      const heads = (await Deno.readTextFile(path)).match(/^## .*$/gm)!;
      await Deno.writeTextFile(path, `# Empty\n\n${heads.join("\n\nNothing yet.\n\n")}\n\nNone.\n`);
    }
  }
  const worse = await build("--param", "min_recall_words=0.1");
  assertEquals(worse.code, 3, worse.text);
  assert(/Not published: recall_at_5 is 0\.\d+, wanted at least/.test(worse.text), worse.text);
  assertEquals((await latestKnowledge(folder))!.version, published.version);
});

Deno.test("advisor: answers of a language model decide too, and a judge's figure bears its name", async () => {
  await using server = new FakeChatServer("openai", 4096);
  await using project = await Project.create();
  const documents = join(project.path, "data/knowledge");
  await Deno.mkdir(documents, { recursive: true });
  const from = `${join(root, "data/knowledge")}/.`;
  assertEquals((await run("cp", ["-r", from, documents])).code, 0);
  const build = (...args: string[]) =>
    project.task("pipeline", ["advisor", "--param", "model=openai:small", ...args], {
      OPENAI_BASE_URL: server.url,
    });
  // It cites the first passage and says what a judge says, so that one script does for both.
  server.script = [{ text: ["This is SUPPORTED by the page. [1]"] }];
  const { code, stdout, stderr } = await build("--param", "judge=openai:small");
  assertEquals(code, 0, stdout + stderr);
  const published = (await latestKnowledge(join(project.path, "models/knowledge")))!;
  assert(published.prompt_version?.endsWith("openai:small"), `${published.prompt_version}`);
  assertEquals(published.metrics.judge_small_supported, 1);
  assertEquals(published.metrics.answers_injections_handled, 1);
  assert(published.metrics.input_tokens > 1000);
  const text = JSON.stringify(server.heard.map(({ body }) => body));
  assert(!text.includes("ABCPK1234F"), "personal data were sent");

  // The same model with answers that cite nothing is refused, and is asked anew.
  server.script = [{ text: ["I would rather not say."] }];
  const before = server.heard.length;
  const worse = await build();
  assertEquals(worse.code, 3, worse.stdout + worse.stderr);
  assert(worse.stdout.includes("Not published: answers_ordinary_kept"), worse.stdout);
  assert(server.heard.length > before);
  assertEquals(
    (await latestKnowledge(join(project.path, "models/knowledge")))!.version,
    published.version,
  );
});

const noPostgres = postgresPrograms === undefined;

Deno.test({
  name: `advisor: knowledge that servers share in PostgreSQL${
    noPostgres ? " (needs pgserver)" : ""
  }`,
  ignore: noPostgres,
  async fn() {
    await using server = await PgvectorServer.start();
    await using project = await Project.create();
    const documents = join(project.path, "data/knowledge");
    await Deno.mkdir(documents, { recursive: true });
    const from = `${join(root, "data/knowledge")}/.`;
    assertEquals((await run("cp", ["-r", from, documents])).code, 0);
    const env = { PGVECTOR_URL: server.url };
    const build = async () => {
      const { code, stdout, stderr } = await project.task("pipeline", ["advisor"], env);
      assertEquals(code, 0, stderr);
      return stdout + stderr;
    };
    assert((await build()).includes("36 documents added, 0 changed, 0 removed"));
    const path = join(documents, "credit/emi.md");
    await Deno.writeTextFile(path, `${await Deno.readTextFile(path)}\nMore of it.\n`);
    assert((await build()).includes("0 documents added, 1 changed, 0 removed"));
    const store = await openPassageStore("", { pgvectorUrl: server.url });
    const folder = join(project.path, "models/knowledge");
    await using knowledge = await openKnowledge({ folder, store });
    const [passage] = await knowledge!.retriever.search("What is FOIR?");
    assertEquals(passage.source, "credit/emi.md");
  },
});
