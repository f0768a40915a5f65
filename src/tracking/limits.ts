/**
 * MLflow's limits, checked before anything is sent: servers shorten what is too
 * long without a word and swallow what they cannot parse. Numbers are those of
 * `mlflow/utils/validation.py` (MLflow 3.17).
 */

import { UsageError } from "../base/mod.ts";
import type { TrackedDataset } from "./contract.ts";
import type { StoredPoint } from "./store.ts";

/** Most of each kind in one log-batch request. */
export const batchSize = { metrics: 1000, params: 100, tags: 100 } as const;

const maxLength = {
  key: 250,
  param: 6000,
  tag: 8000,
  experiment: 500,
  datasetName: 500,
  datasetDigest: 36,
};

function checkLength(what: string, text: string, limit: number): void {
  // Python counts code points, JavaScript UTF-16 units.
  const length = text.length > limit ? [...text].length : text.length;
  if (length > limit) {
    throw new UsageError(`Cannot log ${what}: it has ${length} characters, more than ${limit}`, {
      next: "shorten it, or log it as an artifact",
    });
  }
}

/** A path that names itself: no empty, `.` or `..` part. */
function isPlainPath(path: string): boolean {
  return path !== "" &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/**
 * Checks the key of a metric, parameter or tag.
 *
 * @throws {UsageError} naming the characters that are allowed.
 */
export function checkKey(kind: "metric" | "parameter" | "tag", key: string): void {
  const what = `${kind} ${JSON.stringify(key)}`;
  if (!/^[/\p{L}\p{N}_.\- :]+$/u.test(key)) {
    throw new UsageError(
      `Cannot log ${what}: a key takes letters, digits, "_", "-", ".", " ", ":" and "/"`,
      { next: "rename it, for instance with _at_ for @" },
    );
  }
  // MLflow refuses two points at the start, whatever follows, and then reads no run beside it.
  if (!isPlainPath(key) || key.startsWith("..")) {
    throw new UsageError(`Cannot log ${what}: "/" makes folders, and this is no plain path`, {
      next: 'remove leading, trailing and double slashes, "." or ".." parts and ".." at the start',
    });
  }
  checkLength(what, key, maxLength.key);
}

/** Checks parameters; see {@linkcode checkKey}. */
export function checkParams(params: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(params)) {
    checkKey("parameter", key);
    checkLength(`the value of parameter "${key}"`, value, maxLength.param);
  }
}

/** Checks tags; see {@linkcode checkKey}. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    checkKey("tag", key);
    checkLength(`the value of tag "${key}"`, value, maxLength.tag);
  }
}

/** Checks metric points; a server would store a fractional step or time as 0. */
export function checkPoints(points: readonly StoredPoint[]): void {
  for (const { key, value, step, timestamp } of points) {
    checkKey("metric", key);
    if (typeof value !== "number") {
      throw new UsageError(`Cannot log metric "${key}": ${JSON.stringify(value)} is no number`);
    }
    if (!Number.isSafeInteger(step)) {
      throw new UsageError(`Cannot log metric "${key}": step ${step} is no whole number`);
    }
    if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
      throw new UsageError(
        `Cannot log metric "${key}": timestamp ${timestamp} is no whole number of milliseconds`,
      );
    }
  }
}

/** Checks the name of an experiment. */
export function checkExperimentName(name: string): void {
  if (name.trim() === "") {
    throw new UsageError("Cannot use an experiment without a name", { next: "give it a name" });
  }
  checkLength("the experiment's name", name, maxLength.experiment);
}

/** Checks what a data set is known by. */
export function checkDataset({ name, digest }: TrackedDataset): void {
  if (name === "" || digest === "") {
    throw new UsageError("Cannot log a data set without a name and a digest");
  }
  checkLength("the data set's name", name, maxLength.datasetName);
  checkLength("the data set's digest", digest, maxLength.datasetDigest);
}

/** Checks the path of an artifact: relative, with `/`, inside the run's folder. */
export function checkArtifactPath(path: string): void {
  if (!isPlainPath(path) || path.includes("\\")) {
    throw new UsageError(`Cannot log artifact ${JSON.stringify(path)}: the path is not plain`, {
      next: 'use a relative path with "/", as "reports/train.html"',
    });
  }
}

/** Checks a model's name, which is also its folder. */
export function checkModelName(name: string): void {
  if (name === "" || /[/:.%"'\\]/.test(name)) {
    throw new UsageError(
      `Cannot log model ${JSON.stringify(name)}: a name takes none of / : . % " ' \\`,
      { next: 'use a plain name, as "model"' },
    );
  }
}
