import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { resolve } from "@std/path";
import { z } from "zod";
import { pipeline } from "../../src/pipeline/mod.ts";
import { FolderWatch } from "../../src/pipeline_cli/watch/folder_watch.ts";
import { WatchedInputs } from "../../src/pipeline_cli/watch/inputs.ts";
import { reportFiles } from "../../src/pipeline_cli/watch/round.ts";
import { Project } from "../pipeline/project.ts";
import { Session } from "../pipeline/session.ts";

const files = {
  "pipelines/words.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
import { shout } from "../src/shout.ts";
export default pipeline("words", {
  description: "counts and shouts",
  params: z.object({ end: z.string().default("!") }),
}, ({ step, file, params }) => {
  const text = file("text", "data/text.txt");
  const words = step("read", { text }, async ({ text }) => (await Deno.readTextFile(text)).trim().split(" "));
  step("count", { words }, ({ words }, { log }) => log(\`\${words.length} words\`));
  step("shout", { words }, ({ words }, { log }) => log(shout(words.join(" ")) + params.end));
});
`,
  "src/shout.ts": `export { upper as shout } from "./upper.ts";\n`,
  "src/upper.ts": `export const upper = (text: string) => text.toUpperCase();\n`,
  "data/text.txt": "one two\n",
};

const WATCHING = "for changes, Ctrl-C ends\n";

Deno.test("watch: an edit runs what it invalidates, says why, and parameters stay", async () => {
  await using project = await Project.create(files);
  await using session = new Session(
    project.command("words", "--watch", "--force", "--param", "end=?"),
  );
  const first = await session.until(WATCHING);
  assertStringIncludes(first, "2 words\n");
  assertStringIncludes(first, "ONE TWO?\n");

  await project.edit("src/upper.ts", "text.toUpperCase()", "text.toUpperCase().slice(1)");
  const second = await session.until(WATCHING);
  assert(
    second.startsWith("changed: src/upper.ts\nRUN     shout  CODE src/upper.ts changed\n"),
    second,
  );
  assertStringIncludes(second, "count: CACHED\n");
  assertStringIncludes(second, "NE TWO?\n");

  await project.write("data/text.txt", "one two three\n");
  const third = await session.until(WATCHING);
  assertStringIncludes(third, "changed: data/text.txt\n");
  assertStringIncludes(third, "RUN     read   INPUT text changed\n");
  assertStringIncludes(third, "3 words\n");
  assertEquals(await session.end("SIGINT"), 130);
});

Deno.test("watch: a broken file shows its error; putting it right goes on", async () => {
  await using project = await Project.create(files);
  await using session = new Session(project.command("words", "--watch"));
  await session.until(WATCHING);

  await project.edit("src/shout.ts", "./upper.ts", "./louder.ts");
  assertStringIncludes(await session.until(WATCHING), "louder.ts");
  await project.write("src/louder.ts", `export const upper = (text: string) => text + text;\n`);
  assertStringIncludes(await session.until(WATCHING), "one twoone two!\n");

  await project.edit(
    "pipelines/words.ts",
    "({ step, file, params }) => {",
    "({ step, file, params }) =>",
  );
  assertStringIncludes(await session.until(WATCHING), "error: ");
  await project.edit(
    "pipelines/words.ts",
    "({ step, file, params }) =>",
    "({ step, file, params }) => {",
  );
  assertStringIncludes(await session.until(WATCHING), "Nothing to run again\n");
  assertEquals(await session.end("SIGINT"), 130);
});

Deno.test("watch: an edit interrupts the run, finished steps are kept", async () => {
  await using project = await Project.create({
    "pipelines/slow.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("slow", { description: "waits", params: z.object({}) }, ({ step }) => {
  step("quick", (_context) => "quick");
  step("wait", ({ signal, log }) => new Promise<string>((resolve, reject) => {
    log("waiting");
    const timer = setTimeout(() => resolve("late"), 600_000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  }));
});
`,
  });
  await using session = new Session(project.command("slow", "--watch"));
  await session.until("waiting\n");
  await project.edit("pipelines/slow.ts", "600_000", "0");
  const text = await session.until(WATCHING);
  assertStringIncludes(text, "wait: stopped");
  assertStringIncludes(text, "changed: pipelines/slow.ts\nRUN     wait  NEW\n");
  assertStringIncludes(text, "quick: CACHED\n");
  assertEquals(await session.end("SIGINT"), 130);
});

Deno.test("watch: a pipeline that is not there is not waited for", async () => {
  await using project = await Project.create(files);
  const { code, stderr } = await project.run("wrods", "--watch");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'did you mean "words"?');
});

Deno.test("watch: content decides, of what the pipeline reaches", async () => {
  await using project = await Project.create({ ...files, "src/other.ts": "export {};\n" });
  using watch = new FolderWatch();
  const inputs = new WatchedInputs(project.path("pipelines/words.ts"), project.folder, watch);
  await inputs.begin();
  await inputs.findSources();
  await inputs.name([project.path("data/text.txt"), project.path("data/more/late.txt")]);
  assertEquals(inputs.count, 4);

  const edit = async (path: string, text: string, running: boolean) => {
    const burst = watch.next();
    await project.write(path, text);
    assert((await burst).includes(project.path(path)), "the event was not told");
    return await inputs.changed(running);
  };
  assertEquals(await edit("src/other.ts", "export const other = 1;\n", false), []);
  assertEquals(await edit("src/upper.ts", files["src/upper.ts"], false), []);
  const shout = project.path("src/shout.ts");
  assertEquals(await edit("src/shout.ts", "export const shout = String;\n", true), [shout]);
  await inputs.begin();
  assertEquals(await inputs.changed(true), []);
  await Deno.mkdir(project.path("data/more"));
  await inputs.begin(); // a folder that is there now is watched itself
  // A run makes a file that was missing; the next change of it is an edit.
  assertEquals(await edit("data/more/late.txt", "made\n", true), []);
  const late = project.path("data/more/late.txt");
  assertEquals(await edit("data/more/late.txt", "edited\n", true), [late]);
});

Deno.test("watch: a round reports the files that it names and those its steps declare", async () => {
  const { graph } = pipeline(
    "p",
    { description: "reads", params: z.object({}) },
    ({ step, file }) => {
      file("text", "data/text.txt");
      step("one", {}, () => 1, { permissions: { read: ["data/more", "data/text.txt"] } });
    },
  );
  const report = await Deno.makeTempFile();
  await reportFiles(report, graph({}));
  const paths = JSON.parse(await Deno.readTextFile(report));
  assertEquals(paths, [resolve("data/text.txt"), resolve("data/more")]);
  await Deno.remove(report);
});
