/** Promotions in a models folder: what passes, what is refused and why, and the way back. */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  type AuditEntry,
  auditFile,
  bundleName,
  deployedMetadata,
  latestBundle,
  readModel,
} from "../../src/registry/mod.ts";
import { compareOnRows } from "../../src/promotion/compare_models.ts";
import { takeTableRows } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { models } from "./desk.ts";
import { name, saveLoanModel, writeLoans } from "./models.ts";

async function withModels(
  test: (parts: { folder: string; data: string; at: string[] }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "promotion-" });
  try {
    const [folder, data] = [join(root, "models"), join(root, "loans.csv")];
    await writeLoans(data);
    await test({ folder, data, at: ["--models", folder] });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function audit(folder: string): Promise<AuditEntry[]> {
  const text = await Deno.readTextFile(join(folder, auditFile));
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("promote: the first champion, a better one, and back, each with its line", async () => {
  await withModels(async ({ folder, data, at }) => {
    const first = await saveLoanModel(folder, data, { rounds: 10 });
    const one = await models(["promote", name, "--why", "the first", ...at]);
    assertEquals(one.code, 0, one.out + one.err);
    assertStringIncludes(one.out, "ok       parity");
    assertStringIncludes(one.out, "the real server answered 9 rows as the file does");
    const pointed = await latestBundle(folder, name);
    assertEquals(pointed.metadata.version, first.metadata.version);
    assertEquals(pointed.deployment?.threshold, { threshold: 0.5, label: "1" });

    const second = await saveLoanModel(folder, data, { rounds: 40 });
    const two = await models(["promote", name, "--threshold", "0.4542", "--json", ...at]);
    assertEquals(two.code, 0, two.out + two.err);
    assertEquals(JSON.parse(two.out).moved, true);
    const now = await latestBundle(folder, name);
    assertEquals(now.metadata.version, second.metadata.version);
    assertEquals(now.deployment?.threshold, { threshold: 0.4542, label: "1" });
    assertEquals(now.metadata.decision?.threshold, 0.5, "the model's file is as it was");

    const back = await models(["rollback", name, "--why", "it hurts", "--by", "grace", ...at]);
    assertEquals(back.code, 0, back.out + back.err);
    const again = await latestBundle(folder, name);
    assertEquals(again.metadata.version, first.metadata.version);
    assertEquals(again.deployment?.threshold?.threshold, 0.5, "as it was deployed before");
    const none = await models(["rollback", name, ...at]);
    assertEquals(none.code, 1);
    assertStringIncludes(none.err, "no champion before this one is there");

    const [a, b] = [first, second].map(({ metadata }) => bundleName(metadata));
    assertEquals(
      (await audit(folder)).map(({ who, action, from, to, why }) => [who, action, from, to, why]),
      [
        ["ada", "promote", null, a, "the first"],
        ["ada", "promote", a, b, "no reason given"],
        ["grace", "rollback", b, a, "it hurts"],
      ],
    );
    const shown = await models(["show", name, ...at]);
    assertStringIncludes(shown.out, "it hurts");
    const listed = await models(["list", name, "--json", ...at]);
    const [newest, older] = JSON.parse(listed.out)[folder];
    assertEquals([newest.aliases, older.aliases], [[], ["champion"]]);
  });
});

Deno.test("promote: worse, incompatible, unfair, gate missed, damaged: refused with the reason", async () => {
  await withModels(async ({ folder, data, at }) => {
    const good = await saveLoanModel(folder, data);
    assertEquals((await models(["promote", name, ...at])).code, 0);
    const pointer = await Deno.readTextFile(good.latestPath);
    const refused = async (version: string, ...flags: string[]) => {
      const { code, out, err } = await models(["promote", name, version, ...flags, ...at]);
      assertEquals(code, 3, out + err);
      assertEquals(await Deno.readTextFile(good.latestPath), pointer, "nothing has moved");
      return out;
    };
    const version = async (wish: Parameters<typeof saveLoanModel>[2]) =>
      (await saveLoanModel(folder, data, wish)).metadata.version;

    const worse = await version({ worthless: true });
    const told = await refused(worse);
    assertStringIncludes(told, "refused  champion");
    assertStringIncludes(told, "it is worse");
    const fewer = await version({ without: "purpose" });
    assertStringIncludes(await refused(fewer), 'column "purpose" is not taken any more');
    const missed = await version({ missedGate: true });
    assertStringIncludes(await refused(missed), "roc_auc is 0.6000, wanted at least 0.7");
    const unfair = await version({
      fairness: [{
        ...{ metric: "demographic_parity_difference", group: "purpose" },
        ...{ value: 0.01, max: 0.02 },
      }],
    });
    // The kept figure would pass; on the held-out rows it does not.
    assertStringIncludes(await refused(unfair), "demographic_parity_difference by purpose is");
    const impact = await version({
      fairness: [{
        ...{ metric: "disparate_impact", group: "purpose", favourable: "0" },
        ...{ value: 0.99, min: 0.999 },
      }],
    });
    assertStringIncludes(await refused(impact), "disparate_impact by purpose is");

    const damaged = await saveLoanModel(folder, data);
    const bytes = await Deno.readFile(damaged.modelPath);
    bytes[bytes.length >> 1] ^= 1;
    await Deno.writeFile(damaged.modelPath, bytes);
    const broken = await refused(damaged.metadata.version, "--force", "--why", "must");
    assertStringIncludes(broken, "its digest differs");
    await Deno.remove(damaged.modelPath);
    assertStringIncludes(await refused(damaged.metadata.version), "the ONNX file is missing");
    const text = await Deno.readTextFile(damaged.metadataPath);
    await Deno.writeTextFile(damaged.metadataPath, text.slice(0, 100));
    const cut = await models(["promote", name, damaged.metadata.version, ...at]);
    assertEquals(cut.code, 2);

    assertStringIncludes(
      (await models(["promote", name, worse, "--force", ...at])).err,
      "Cannot force it without a reason",
    );
    const forced = await models(["promote", name, worse, "--force", "--why", "outage", ...at]);
    assertEquals(forced.code, 0, forced.out + forced.err);
    const last = (await audit(folder)).at(-1)!;
    assertEquals(last.why, "outage");
    assert(last.overruled!.some((text) => text.startsWith("champion: roc_auc")));
  });
});

Deno.test("promote: a threshold of the business stays with the deployment, in no model", async () => {
  await withModels(async ({ folder, data, at }) => {
    const given = { threshold: 0.4542, label: "1" };
    const first = await saveLoanModel(folder, data, { rounds: 10, given }, true);
    assertEquals(first.metadata.decision, undefined);
    const pointed = await latestBundle(folder, name);
    assertEquals([pointed.metadata.decision, pointed.deployment?.threshold], [undefined, given]);
    assertEquals(deployedMetadata(pointed).decision, given);
    const second = await saveLoanModel(folder, data, { rounds: 40, given });
    const { code, out, err } = await models(["promote", name, second.metadata.version, ...at]);
    assertEquals(code, 0, out + err);
    const now = await latestBundle(folder, name);
    assertEquals(now.metadata.version, second.metadata.version);
    assertEquals([now.metadata.decision, now.deployment?.threshold], [undefined, given]);
  });
});

Deno.test("promote: rows are compared by their weights, where they have any", async () => {
  await withModels(async ({ folder, data }) => {
    const [one, other] = await Promise.all([10, 40].map(async (rounds) => {
      const bundle = await saveLoanModel(folder, data, { rounds });
      return { metadata: bundle.metadata, file: await readModel(bundle) };
    }));
    const table = await readTable(data);
    const times = Array.from({ length: table.rows }, (_, row) => row % 4);
    const often = times.flatMap((count, row) => Array<number>(count).fill(row));
    const declared_features = { ...one.metadata.declared_features!, weight: "stands_for" };
    const weighed = { ...one, metadata: { ...one.metadata, declared_features } };
    const columns = { ...table.columns, stands_for: times };
    const found = await compareOnRows(weighed, other, { rows: table.rows, columns });
    const wanted = await compareOnRows(one, other, takeTableRows(table, Int32Array.from(often)));
    assertAlmostEquals(found.candidate, wanted.candidate, 1e-12);
    assertAlmostEquals(found.champion, wanted.champion, 1e-12);
    assertEquals(found.rows, table.rows);
    // Rows of production have no such column: each counts the same.
    const plain = await compareOnRows(weighed, other, table);
    assert(plain.candidate !== found.candidate && plain.low <= plain.gain);
  });
});

Deno.test("promote: an export that predicts otherwise than the native model is refused", async () => {
  await withModels(async ({ folder, data, at }) => {
    const one = await saveLoanModel(folder, data, { rounds: 10 });
    const other = await saveLoanModel(folder, data, { rounds: 20 });
    // Another model's file under metadata that give its digest.
    await Deno.copyFile(other.modelPath, one.modelPath);
    const metadata = JSON.parse(await Deno.readTextFile(one.metadataPath));
    metadata.model_digest = other.metadata.model_digest;
    await Deno.writeTextFile(one.metadataPath, JSON.stringify(metadata));
    const { code, out } = await models(["promote", name, one.metadata.version, ...at]);
    assertEquals(code, 3, out);
    assertStringIncludes(out, "refused  parity");
  });
});

Deno.test("promote: without rows to compare on it is refused, and --data gives them", async () => {
  await withModels(async ({ folder, data, at }) => {
    await saveLoanModel(folder, data, { rounds: 20 });
    assertEquals((await models(["promote", name, ...at])).code, 0);
    await saveLoanModel(folder, data, { rounds: 40 });
    const moved = `${data}.moved`;
    await Deno.rename(data, moved);
    const blind = await models(["promote", name, "--dry-run", ...at]);
    assertEquals(blind.code, 3);
    assertStringIncludes(blind.out, "give them with --data FILE");
    const seen = await models(["promote", name, "--dry-run", "--data", moved, ...at]);
    assertEquals(seen.code, 0, seen.out + seen.err);
    assertStringIncludes(seen.out, "on 1500 rows");
    const compared = await models(["compare", name, "newest", "--data", moved, ...at]);
    assertStringIncludes(compared.out, "on 1500 rows");
  });
});

Deno.test("publish: a training leaves a champion that was chosen by hand", async () => {
  await withModels(async ({ folder, data, at }) => {
    const first = await saveLoanModel(folder, data, {}, true);
    assertEquals((await latestBundle(folder, name)).metadata.version, first.metadata.version);
    const second = await saveLoanModel(folder, data, {}, true);
    assertEquals((await latestBundle(folder, name)).metadata.version, second.metadata.version);
    assertEquals((await models(["rollback", name, ...at])).code, 0);
    const third = await saveLoanModel(folder, data, {}, true);
    assertEquals((await latestBundle(folder, name)).metadata.version, first.metadata.version);
    assertStringIncludes((third as { held?: string }).held!, "was chosen by hand");
    const free = await models(["promote", name, "newest", "--policy", "newest", ...at]);
    assertEquals(free.code, 0, free.out + free.err);
    const fourth = await saveLoanModel(folder, data, {}, true);
    assertEquals((await latestBundle(folder, name)).metadata.version, fourth.metadata.version);
  });
});

Deno.test("challenger, archive, prune: what is needed stays", async () => {
  await withModels(async ({ folder, data, at }) => {
    const made = [];
    for (let i = 0; i < 6; i++) made.push(await saveLoanModel(folder, data, { rounds: 5 + i }));
    const versions = made.map(({ metadata }) => metadata.version);
    const ask = async (...args: string[]) => {
      const said = await models([...args, ...at]);
      assertEquals(said.code, 0, said.out + said.err);
      return said.out;
    };
    await ask("promote", name, versions[0], "--tolerance", "0.5");
    await ask("promote", name, versions[1], "--tolerance", "0.5");
    await ask("challenger", name, versions[2]);
    const used = await models(["archive", name, "challenger", ...at]);
    assertStringIncludes(used.err, `it is the challenger in ${folder}`);
    await ask("archive", name, versions[3]);
    const gone = await models(["promote", name, versions[3], ...at]);
    assertStringIncludes(gone.err, "it is archived");
    await ask("archive", name, versions[3], "--undo");
    await ask("archive", name, versions[3]);
    const young = await ask("prune", name, "--keep", "0", "--older-than", "9999d");
    assertStringIncludes(young, "Removed 0 versions");
    const plan = await ask("prune", name, "--keep", "1", "--dry-run");
    assertStringIncludes(plan, "2 versions would go; nothing was changed");
    await ask("prune", name, "--keep", "1");
    const left = JSON.parse(await ask("list", name, "--json"))[folder];
    assertEquals(
      left.map(({ version }: { version: string }) => version),
      [versions[5], versions[2], versions[1], versions[0]],
      "the newest, the challenger, the champion, and what a rollback goes back to",
    );
    await ask("rollback", name);
    await ask("promote", name, "challenger", "--tolerance", "0.5");
    const [, state] = JSON.parse(await ask("list", name, "--json"))[folder];
    assertEquals(state.aliases, ["champion"], "nobody is their own challenger");
  });
});

Deno.test("models: wrong words are told with the right ones", async () => {
  await withModels(async ({ folder, data, at }) => {
    await saveLoanModel(folder, data);
    const wrong: [string[], string, number][] = [
      [["promot", name], "did you mean promote?", 2],
      [["promote", "laons"], 'did you mean "loans"?', 2],
      [["promote", name, "newset"], "did you mean newest?", 2],
      [["promote", name, "--treshold", "0.5"], "did you mean --threshold?", 2],
      [["promote", name, "--threshold", "2"], "wanted a number from 0 to 1", 2],
      [["promote", name, "--threshold", "0.5", "--threshold-class", "x"], "for the class x", 2],
      [["promote", name, "--metric", "f1_makro"], 'did you mean "f1_macro"?', 2],
      [["promote"], "without the name of a model", 2],
      [["list", "--why", "x"], "Cannot use --why with list", 2],
      [["prune", name], "neither --keep nor --older-than", 2],
      [["prune", name, "--older-than", "soon"], "wanted an age", 2],
      [["promote", name, "champion"], "no version has that alias", 2],
      [["list", "--registry", "mlflow"], "set MLFLOW_TRACKING_URI", 2],
      [["rollback", name], "no champion before this one is there", 1],
    ];
    for (const [args, said, code] of wrong) {
      const answer = await models([...args, ...args[0] === "promot" ? [] : at]);
      assertStringIncludes(answer.err, said, args.join(" "));
      assertEquals(answer.code, code, answer.err);
    }
    assertStringIncludes((await models(["--help"])).out, "Exit codes: 0 done");
  });
});
