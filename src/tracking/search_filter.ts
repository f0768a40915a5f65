/** MLflow's search language over runs that were read from a folder. */

import { UsageError } from "../base/mod.ts";
import type { FoundRun } from "./run_reader.ts";

/** A condition on a run. */
type Condition = (run: FoundRun) => boolean;

const token = /* @__MEMO__: it begins anew */
  /\s*(?:(`[^`]*`|"[^"]*"|'[^']*')|(<=|>=|!=|=|<|>|\(|\)|,)|([^\s`"'<>=!(),]+))/y;

/** A piece of a filter: a quoted text, a sign, or a word. */
interface Piece {
  readonly kind: "quoted" | "sign" | "word";
  readonly text: string;
}

function piecesOf(filter: string): Piece[] {
  const pieces: Piece[] = [];
  token.lastIndex = 0;
  while (filter.slice(token.lastIndex).trim() !== "") {
    const at = token.lastIndex;
    const match = token.exec(filter);
    if (match === null) {
      throw new UsageError(`Cannot understand the filter at "${filter.slice(at).trim()}"`, {
        next: "a text ends with the quote that it begins with",
      });
    }
    const [, quoted, sign, word] = match;
    pieces.push(
      quoted !== undefined
        ? { kind: "quoted", text: quoted }
        : sign !== undefined
        ? { kind: "sign", text: sign }
        : { kind: "word", text: word },
    );
  }
  return pieces;
}

const kinds: Record<string, "metrics" | "params" | "tags" | "attributes"> = {
  ...{ metrics: "metrics", metric: "metrics" },
  ...{ params: "params", param: "params", parameters: "params", parameter: "params" },
  ...{ tags: "tags", tag: "tags" },
  ...{ attributes: "attributes", attribute: "attributes", attr: "attributes", run: "attributes" },
};

const attributes: Record<string, (run: FoundRun) => string | number | undefined> = {
  run_id: ({ id }) => id,
  run_name: ({ name }) => name,
  "Run name": ({ name }) => name,
  status: ({ status }) => status,
  start_time: ({ startTime }) => startTime,
  created: ({ startTime }) => startTime,
  end_time: ({ endTime }) => endTime,
  user_id: ({ tags }) => tags["mlflow.user"],
};

/**
 * Reads what a filter or an order names, as `metrics.auc` or ``params.`a b` ``.
 *
 * @throws {UsageError} if it names nothing that runs have.
 */
export function filterField(name: string): (run: FoundRun) => string | number | undefined {
  const [, prefix, quoted, plain] = /^(?:(\w+)\.)?(?:[`"](.*)[`"]|(.*))$/s.exec(name) ?? [];
  const key = quoted ?? plain ?? "";
  const kind = prefix === undefined ? "attributes" : kinds[prefix.toLowerCase()];
  if (kind === "attributes") {
    if (Object.hasOwn(attributes, key)) return attributes[key];
  } else if (kind !== undefined && key !== "") {
    return (run) => Object.hasOwn(run[kind], key) ? run[kind][key] : undefined;
  }
  throw new UsageError(`Cannot understand "${name}": it names nothing that a run has`, {
    next: "write metrics.auc, params.model, tags.stage, or an attribute as " +
      Object.keys(attributes).filter((name) => !name.includes(" ")).join(", "),
  });
}

/**
 * A filter as MLflow's `search_runs` takes it: clauses joined by AND, each a field, a comparison
 * (=, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL, IS NOT NULL) and a value.
 *
 * @throws {UsageError} if it cannot be understood.
 */
export function parseFilter(filter: string): Condition {
  const pieces = piecesOf(filter);
  const conditions: Condition[] = [];
  let at = 0;
  const refuse = (wanted: string): never => {
    const found = pieces.slice(at).map(({ text }) => text).join(" ");
    throw new UsageError(
      `Cannot understand the filter at ${
        found === "" ? "its end" : `"${found}"`
      }: wanted ${wanted}`,
      { next: `write it as MLflow's search does, as in metrics.auc > 0.8 AND params.model = "LR"` },
    );
  };
  const word = (...texts: string[]) => {
    const piece = pieces[at];
    if (piece?.kind === "quoted" || !texts.includes(piece?.text.toUpperCase() ?? "")) return false;
    at++;
    return true;
  };
  const value = (): string => {
    const piece = pieces[at] ?? refuse("a value");
    if (piece.kind === "sign") refuse("a value");
    at++;
    return piece.kind === "quoted" ? piece.text.slice(1, -1) : piece.text;
  };
  const valueList = (): string[] => {
    if (!word("(")) refuse('a list, as in ("a", "b")');
    const values = [value()];
    while (word(",")) values.push(value());
    if (!word(")")) refuse('")"');
    return values;
  };
  while (at < pieces.length) {
    if (conditions.length > 0 && !word("AND")) refuse("AND");
    if (pieces[at]?.kind !== "word") refuse("a field, as metrics.auc");
    let name = pieces[at++].text;
    if (name.endsWith(".") && pieces[at]?.kind === "quoted") name += pieces[at++].text;
    const field = filterField(name);
    if (word("IS")) {
      const not = word("NOT");
      if (!word("NULL")) refuse("NULL");
      conditions.push((run) => (field(run) === undefined) !== not);
      continue;
    }
    const not = word("NOT");
    if (word("IN")) {
      const values = valueList();
      conditions.push((run) => {
        const found = field(run);
        return found !== undefined && values.includes(String(found)) !== not;
      });
      continue;
    }
    if (not) refuse("IN after NOT");
    const like = word("LIKE") ? "" : word("ILIKE") ? "i" : undefined;
    if (like !== undefined) {
      const pattern = likePattern(value(), like);
      conditions.push((run) => pattern.test(String(field(run) ?? "")) && field(run) !== undefined);
      continue;
    }
    const sign = pieces[at]?.text ?? "";
    if (!Object.hasOwn(comparisons, sign)) refuse("a comparison, as =, < or LIKE");
    at++;
    conditions.push(comparison(field, name, sign, value()));
  }
  return (run) => conditions.every((condition) => condition(run));
}

const comparisons: Record<string, (a: number | string, b: number | string) => boolean> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function comparison(
  field: (run: FoundRun) => string | number | undefined,
  name: string,
  sign: string,
  value: string,
): Condition {
  const compare = comparisons[sign];
  const numeric = /^metrics?\./i.test(name) ||
    /(?:^|\.)(?:start_time|end_time|created)$/.test(name);
  if (numeric && (value.trim() === "" || Number.isNaN(Number(value)))) {
    throw new UsageError(`Cannot compare ${name} with "${value}": wanted a number`);
  }
  if (!numeric && sign !== "=" && sign !== "!=") {
    throw new UsageError(`Cannot compare ${name} by ${sign}: it is text`, {
      next: "use =, !=, LIKE, ILIKE or IN",
    });
  }
  return (run) => {
    const found = field(run);
    if (found === undefined) return false;
    return numeric ? compare(Number(found), Number(value)) : compare(String(found), value);
  };
}

/** `%` stands for any text, `_` for any letter. */
function likePattern(text: string, flags: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${escaped}$`, `${flags}s`);
}

/**
 * An order as MLflow takes it, as `metrics.auc DESC, start_time`; what a run does not have, or
 * is no number, comes last. Equal ones stand with the newest first.
 *
 * @throws {UsageError} if it cannot be understood.
 */
export function parseOrder(order: string): (a: FoundRun, b: FoundRun) => number {
  const clauses = order.split(",").map((clause) => clause.trim()).filter((clause) => clause !== "")
    .map((clause) => {
      const [, name, direction = "ASC"] = /^(.*?)(?:\s+(ASC|DESC))?$/i.exec(clause)!;
      return { field: filterField(name), sign: direction.toUpperCase() === "DESC" ? -1 : 1 };
    });
  return (a, b) => {
    for (const { field, sign } of clauses) {
      const [x, y] = [field(a), field(b)];
      const [noX, noY] = [x, y].map((value) => value === undefined || Number.isNaN(value));
      if (noX || noY) {
        if (noX !== noY) return Number(noX) - Number(noY);
        continue;
      }
      if (x !== y) return (x! < y! ? -1 : 1) * sign;
    }
    return b.startTime - a.startTime;
  };
}
