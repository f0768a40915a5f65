/** State outside of the pipeline, however it is changed: who changes it and who reads it run every time. */

import { called, config, type Form, helper, testForms } from "./state_sources.ts";

const ways: Record<string, Form> = {
  "a property of an object": { ...config, put: "cfg.x = V", got: "cfg.x" },
  "a property below": { ...config, put: "cfg.list[0] = V", got: "cfg.list[0]" },
  "another name for it": { ...config, put: "const c = cfg; c.x = V", got: "cfg.x" },
  "a name for a part of it": {
    ...config,
    put: "const { list } = cfg; list[0] = V",
    got: "cfg.list[0]",
  },
  "a part that a method gives": {
    ...config,
    put: `cfg.map.get("a").x = V`,
    got: `cfg.map.get("a").x`,
  },
  "a name for what a method gives": {
    ...config,
    put: `const found = cfg.map.get("a"); found.x = V`,
    got: `cfg.map.get("a").x`,
  },
  "Object.assign": { ...config, put: "Object.assign(cfg, { x: V })", got: "cfg.x" },
  "Object.defineProperty": {
    ...config,
    put: `Object.defineProperty(cfg, "x", { value: V, configurable: true })`,
    got: "cfg.x",
  },
  "Reflect.set": { ...config, put: `Reflect.set(cfg, "x", V)`, got: "cfg.x" },
  "delete": { ...config, put: "if (V > 1) delete cfg.x; else cfg.x = 5", got: "cfg.x" },
  "an update": { ...config, put: "V > 1 ? cfg.x++ : cfg.x--", got: "cfg.x > 0" },
  "a pattern": { ...config, put: "[cfg.x] = [V]", got: "cfg.x" },
  "a pattern of an object": { ...config, put: "({ a: cfg.x } = { a: V })", got: "cfg.x" },
  "a loop": { ...config, put: "for (cfg.x of [V]);", got: "cfg.x" },
  "a loop over it": { ...config, put: "for (const c of cfg.all) c.x = V", got: "cfg.all[0].x" },
  "a loop over a map": {
    ...config,
    put: "for (const [, c] of cfg.map) c.x = V",
    got: `cfg.map.get("a").x`,
  },
  "a loop over its values": {
    ...config,
    put: "for (const c of Object.values(cfg.all) as any[]) c.x = V",
    got: "cfg.all[0].x",
  },
  "a function for each": {
    ...config,
    put: "cfg.all.forEach((c: any) => { c.x = V; })",
    got: "cfg.all[0].x",
  },
  "a copy with the same objects in it": {
    ...config,
    put: "const [c] = [...cfg.all].filter(() => true); c.x = V",
    got: "cfg.all[0].x",
  },
  "a copy of an object": {
    ...config,
    put: "const c = { ...cfg }; c.all[0].x = V",
    got: "cfg.all[0].x",
  },
  "one of two": { ...config, put: "const c = Date.now() ? cfg : {}; c.x = V", got: "cfg.x" },
  "whichever is there": { ...config, put: "((0, cfg) || {}).x = V", got: "cfg.x" },
  "what is awaited": { ...config, put: "(await cfg).x = V", got: "cfg.x" },
  "a name that is given it later": {
    ...config,
    put: "let c: any; c = cfg; c.x = V",
    got: "cfg.x",
  },
  "a view of it": {
    ...helper(`export const cells = new Int32Array(2);`, "cells"),
    put: "cells.subarray(0, 1)[0] = V",
    got: "cells[0]",
  },
  "a date": {
    ...helper(`export const day = new Date(0);`, "day"),
    put: "day.setFullYear(2000 + V)",
    got: "day.getFullYear()",
  },
  "a method of another object": {
    ...helper(`export const all: number[] = [];`, "all"),
    put: "Array.prototype.push.apply(all, [V])",
    got: "all.at(-1)",
  },
  "an argument": {
    ...helper(
      `export const cfg: any = { x: 0 }; export function set(o: any, v: number) { o.x = v; }`,
      "cfg, set",
    ),
    put: "set(cfg, V)",
    got: "cfg.x",
  },
  "a part of an argument": {
    top: `${config.top} const set = ({ all }: any, v: number) => { all[0].x = v; };`,
    files: config.files,
    put: "set(cfg, V)",
    got: "cfg.all[0].x",
  },
  "an argument that is handed on": {
    top: `import { cfg, set } from "./state.ts";`,
    files: {
      "set.ts": `export const inner = (v: number, o: any) => { o.x = v; };`,
      "state.ts": `import { inner } from "./set.ts";
export const cfg: any = { x: 0 }; export const set = (o: any, v: number) => inner(v, o);`,
    },
    put: "set(cfg, V)",
    got: "cfg.x",
  },
  "this of a function": {
    ...helper(
      `const o: any = { x: 0 }; function set(this: any, v: number) { this.x = v; }
export const put = (v: number) => set.call(o, v); export const got = () => o.x;`,
    ),
    ...called,
  },
  "what a function gives": {
    ...helper(`const cfg: any = { a: { x: 0 } }; export const get = () => cfg.a;`, "get"),
    put: "const c = get(); c.x = V",
    got: "get().x",
  },
  "what a function of another file gives": {
    top: `import { get } from "./get.ts";`,
    files: {
      "state.ts": `let it: any; export const made = () => it ??= { x: 0 };`,
      "get.ts": `import { made } from "./state.ts"; export const get = () => made();`,
    },
    put: "get().x = V",
    got: "get().x",
  },
};

testForms(ways);
