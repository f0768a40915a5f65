/**
 * What does the advisor know? Documents cut into passages, encoded, indexed, evaluated by questions
 * with known answers, and published if that is no worse than what is there.
 */

import { join, sha256File, UserError, writeFileAtomic } from "../src/base/mod.ts";
import { encodersFolder, knownEncoder, openEncoder } from "../src/encoders/mod.ts";
import { pipeline, savedFile } from "../src/pipeline/mod.ts";
import { FolderRegistry, newEntry, timestampName } from "../src/registry/mod.ts";
import {
  hybridRetriever,
  latestKnowledge,
  openPassageStore,
  publishKnowledge,
  sharedStoreSettings,
  SqlitePassageStore,
  updateStoredDocuments,
} from "../src/retrieval/mod.ts";
import {
  buildIndex,
  cutDocuments,
  encodePassages,
  encoderName,
  loadDocuments,
  withVectors,
} from "./advisor/build.ts";
import { answersSections } from "./advisor/answers_sections.ts";
import { askAdvisor, promptVersion, writingModel } from "./advisor/ask_advisor.ts";
import { evaluateAnswers } from "./advisor/evaluate_answers.ts";
import { evaluateRetrieval } from "./advisor/evaluate_retrieval.ts";
import { checkSources, readEvaluationSet } from "./advisor/evaluation_set.ts";
import { knowledgeGates, missedGates, NOT_PUBLISHED } from "./advisor/gates.ts";
import { judgeAnswers } from "./advisor/judge_answers.ts";
import { advisorParams } from "./advisor/params.ts";
import { knowledgePage } from "./advisor/report.ts";
import { trackBuild } from "./advisor/track.ts";

export default pipeline("advisor", {
  description: "Build the knowledge of the advisor: passages, index, evaluation, publication",
  params: advisorParams,
}, ({ step, file, params }) => {
  const { files } = knownEncoder(encoderName);
  const knowledge = file("knowledge", params.knowledge);
  const questions = file("questions", params.questions);
  // What an encoder makes of texts depends on whether it was fetched.
  const encoder = file("encoder", join(encodersFolder, encoderName, files.model.name));
  const tokenizer = file("tokenizer", join(encodersFolder, encoderName, files.tokenizer.name));

  const loaded = step(
    "load",
    { knowledge },
    ({ knowledge }, context) => loadDocuments(knowledge, context),
  );
  const chunked = step(
    "chunk",
    { loaded },
    ({ loaded }) => cutDocuments(loaded, params.most_words),
  );
  const encoded = step(
    "embed",
    { chunked, encoder, tokenizer },
    ({ chunked }, context) => encodePassages(chunked, context),
    { platform: true },
  );
  const index = step(
    "index",
    { chunked, encoded },
    ({ chunked, encoded }, { signal }) => buildIndex(params.models, chunked, encoded, signal),
  );
  const retrieval = step(
    "evaluate",
    { index, questions, encoder, tokenizer },
    async ({ index, questions }, { signal, progress, metric, log }) => {
      const asked = await readEvaluationSet(questions);
      checkSources(asked, new Set(index.sections));
      await using store = new SqlitePassageStore(index.file.path, { readOnly: true });
      await using opened = index.encoder === null ? undefined : await openEncoder(encoderName);
      const found = await evaluateRetrieval(store, asked, {
        ...opened && { encoder: opened },
        ...{ signal, onProgress: progress },
      });
      for (const { mode, recall_at_5, mrr } of found.scores) {
        metric(`${mode}_recall_at_5`, recall_at_5);
        log(`${mode}: recall@5 ${recall_at_5.toFixed(4)}, MRR ${mrr.toFixed(4)}`);
      }
      return found;
    },
    { platform: true },
  );
  const answered = step(
    "answer",
    { index, questions, encoder, tokenizer },
    async ({ index, questions }, { signal, progress, metric, log, warn }) => {
      if (params.model === "off") return null;
      await using store = new SqlitePassageStore(index.file.path, { readOnly: true });
      await using opened = index.encoder === null ? undefined : await openEncoder(encoderName);
      const retriever = await hybridRetriever(store, { ...opened && { encoder: opened } });
      const model = await writingModel(params.model, (name) => Deno.env.get(name));
      const found = await evaluateAnswers(
        askAdvisor(retriever, model),
        await readEvaluationSet(questions),
        { signal, onProgress: progress },
      );
      const { answers_right, answers_ordinary_kept } = found.metrics;
      metric("answers_right", answers_right);
      log(
        `answers: ${answers_right.toFixed(4)} as expected, ` +
          `${answers_ordinary_kept.toFixed(4)} of ordinary questions answered`,
      );
      const version = promptVersion(params.model);
      const judge = await writingModel(params.judge || "extractive", (name) => Deno.env.get(name));
      if (judge === undefined) return { ...found, version };
      const texts = found.answers.filter(({ refused }) => !refused)
        .map(({ said, ...text }) => ({ ...text, answer: said }));
      const { figure, supported, unread } = await judgeAnswers(judge, texts, { signal });
      log(`${figure}: ${supported.toFixed(4)} of ${texts.length - unread} verdicts`);
      if (unread > 0) warn(`${judge.name} gave ${unread} verdicts that cannot be read`);
      const metrics = { ...found.metrics, ...!Number.isNaN(supported) && { [figure]: supported } };
      return { ...found, metrics, version };
    },
    // Keys come from the environment, and a service may say something else tomorrow.
    { cache: false },
  );
  // What is published changes by other runs: it is asked for each time.
  const each = { cache: false };
  const gated = step(
    "gates",
    { index, questions, retrieval, answered },
    async ({ index, questions, retrieval, answered }, { signal, warn }) => {
      const { mode: _, ...scores } = retrieval.scores[0];
      const metrics: Record<string, number> = { ...scores, ...answered?.metrics };
      const least = {
        recall_at_5: index.encoder === null ? params.min_recall_words : params.min_recall,
        ...answered !== null && {
          answers_injections_handled: params.min_handled,
          answers_pii_handled: params.min_handled,
          answers_ordinary_kept: params.min_kept,
          answers_grounded: params.min_grounded,
        },
      };
      let published: Record<string, number> | undefined;
      try {
        const latest = await latestKnowledge(params.models);
        if (latest !== undefined) {
          const path = join(params.models, latest.index);
          await using store = new SqlitePassageStore(path, { readOnly: true });
          await using opened = latest.encoder === null ? undefined : await openEncoder(encoderName);
          // By the questions of today, so that both are held to the same.
          const asked = await readEvaluationSet(questions);
          const found = await evaluateRetrieval(store, asked, {
            ...opened && opened.name === latest.encoder && { encoder: opened },
            signal,
          });
          const { mode: _, ...own } = found.scores[0];
          // Answers are not written anew: they count where they were given to the same questions.
          const same = latest.evaluation_digest === await sha256File(questions);
          published = { ...same && latest.metrics, ...own };
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        warn(`The published knowledge is not compared with: ${error.message}`);
      }
      return {
        metrics,
        gates: knowledgeGates(metrics, least, published, params.tolerance),
      };
    },
    each,
  );
  const report = step(
    "report",
    { loaded, index, retrieval, answered, gated },
    async ({ loaded, index, retrieval, answered, gated }) => {
      const { refused } = loaded;
      const answers = answered === null ? [] : answersSections(answered, answered.version);
      const path = join(params.reports, `advisor_${index.digest.slice(0, 12)}.html`);
      await writeFileAtomic(
        path,
        await knowledgePage({ index, refused, retrieval, gates: gated.gates, answers }),
      );
      return savedFile(path);
    },
  );
  const tracked = step(
    "track",
    { loaded, index, retrieval, answered, gated, report, questions },
    async (
      { loaded, index, retrieval, answered, gated, report, questions },
      { run, warn, log },
    ) => {
      const version = `knowledge_v_${timestampName(run.startedAt)}`;
      const id = await trackBuild(params, run, version, {
        params: {
          corpus_digest: index.corpus.slice(0, 32),
          evaluation_digest: (await sha256File(questions)).slice(0, 32),
          ...{ encoder: index.encoder ?? "none", most_words: params.most_words },
          ...{ documents: index.documents, chunks: index.chunks },
          refused_documents: loaded.refused.length,
          prompt_version: answered?.version ?? "none",
        },
        metrics: {
          ...answered?.metrics,
          ...Object.fromEntries(
            retrieval.scores.flatMap(({ mode, ...scores }) =>
              Object.entries(scores).map(([name, value]) => [`${mode}_${name}`, value])
            ),
          ),
        },
        tags: { published: String(missedGates(gated.gates).length === 0) },
        artifacts: {
          "report.html": report.path,
          "questions.json": new TextEncoder().encode(JSON.stringify(retrieval.questions, null, 1)),
          ...answered !== null && {
            "answers.json": new TextEncoder().encode(JSON.stringify(answered.answers, null, 1)),
          },
        },
      }, warn);
      log(`Tracked: run ${id}`);
      return { id, version };
    },
    each,
  );
  return step(
    "publish",
    { chunked, encoded, index, answered, gated, report, tracked, questions },
    async (
      { chunked, encoded, index, answered, gated, report, tracked, questions },
      context,
    ) => {
      const { log, run, signal } = context;
      log(`Saved: ${report.path}`);
      const missed = missedGates(gated.gates);
      for (const clause of missed) log(`Not published: ${clause}`);
      if (missed.length > 0) return { exitCode: NOT_PUBLISHED };
      const before = await latestKnowledge(params.models).catch((error) => {
        if (error instanceof UserError) return undefined;
        throw error;
      });
      const evaluation_digest = await sha256File(questions);
      const same = before?.index_digest === index.digest &&
        before.evaluation_digest === evaluation_digest &&
        before.prompt_version === (answered?.version ?? null);
      if (same) log(`${before.version} is published already, with the same index`);
      else {
        await publishKnowledge(params.models, index.file.path, {
          ...{ schema: 1, version: tracked.version, created_at: run.startedAt.toISOString() },
          ...{ index: index.file.path.split(/[/\\]/).at(-1)!, index_digest: index.digest },
          ...{ corpus_digest: index.corpus, encoder: index.encoder },
          prompt_version: answered?.version ?? null,
          ...{ documents: index.documents, chunks: index.chunks, metrics: gated.metrics },
          ...{ evaluation_digest, run_id: tracked.id },
        });
        await new FolderRegistry(params.models).record(newEntry({
          ...{ who: run.pipeline, action: "publish", name: "advisor", alias: "champion" },
          ...{ from: before?.version ?? null, to: tracked.version },
          ...{ why: `built by run ${run.id}`, places: [params.models] },
        }));
        log(`Published: ${tracked.version} in ${params.models}`);
      }
      const settings = await sharedStoreSettings((name) => Deno.env.get(name));
      if (settings.pgvectorUrl !== undefined || settings.qdrantUrl !== undefined) {
        await using store = await openPassageStore("", settings);
        const update = await updateStoredDocuments(
          store,
          encoded?.kind,
          [...withVectors(chunked.documents, encoded)],
          { signal, onProgress: context.progress },
        );
        const { added, changed, removed } = update;
        log(`${store.place}: ${added} documents added, ${changed} changed, ${removed} removed`);
      }
      return { exitCode: 0 };
    },
    each,
  );
});
