/**
 * Writes the steps that all runners are given, as JSON, and a project of ours with
 * them; runs it once, so that every measurement finds all outputs kept.
 */

import { fromFileUrl } from "@std/path";
import { sideArguments } from "./side.ts";

/** Steps of a layer; each takes two of the layer before. */
const WIDTH = 5;

const { folder, rows } = sideArguments();
const steps = Array.from({ length: rows }, (_, step) => {
  const before = (Math.floor(step / WIDTH) - 1) * WIDTH;
  return before < 0 ? [] : [before + step % WIDTH, before + (step + 1) % WIDTH];
});
await Deno.writeTextFile(`${folder}/steps.json`, JSON.stringify(steps));

const root = new URL("../../", import.meta.url);
const lines = steps.map((inputs, step) => {
  const taken = inputs.map((input) => `step${input}`).join(", ");
  const wired = inputs.length === 0 ? "" : `{ ${taken} }, `;
  const sum = [step, ...inputs.map((input) => `step${input}`)].join(" + ");
  const given = inputs.length === 0 ? "()" : `({ ${taken} })`;
  return `  const step${step} = step("step${step}", ${wired}${given} => kept(${sum}));`;
});
const project = `${folder}/ours`;
await Deno.mkdir(`${project}/pipelines`, { recursive: true });
await Deno.writeTextFile(
  `${project}/pipelines/steps.ts`,
  `import { pipeline } from "${new URL("src/pipeline/mod.ts", root).href}";

/** Notes that a step was run. */
function kept(value: number): number {
  Deno.writeTextFileSync("ran", ".", { append: true });
  return value;
}

export default pipeline("steps", {
  description: "adds numbers",
}, ({ step }) => {
${lines.join("\n")}
});
`,
);
await Deno.copyFile(new URL("deno.lock", root), `${project}/deno.lock`);

const config = fromFileUrl(new URL("deno.json", root));
const { tasks }: { tasks: { pipeline: { command: string } } } = JSON.parse(
  await Deno.readTextFile(config),
);
const [, ...task] = tasks.pipeline.command.split(" ");
const main = fromFileUrl(new URL(task.pop()!, root));
const command = [Deno.execPath(), ...task, `--config=${config}`, main, "steps"];
const empty = `${folder}/empty.ts`;
await Deno.writeTextFile(empty, "");
const bare = [Deno.execPath(), "run", empty];
await Deno.writeTextFile(`${project}/command.json`, JSON.stringify({ command, bare, env: {} }));

const author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
await run("git", ["init", "--quiet"]);
await run("git", ["add", "pipelines", "deno.lock"]);
await run("git", [...author, "commit", "--quiet", "--message", "steps"]);
await run(command[0], command.slice(1));

/** Runs a command in the project to its end. */
async function run(name: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(name, {
    args: [...args],
    cwd: project,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${name} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
