/** Collects the nodes and constants of a graph and names their results. */

import { ModelError } from "../base/mod.ts";
import {
  type Attribute,
  type ConstantTensor,
  type ElementType,
  elementTypes,
  type Node,
} from "./model_proto.ts";
import { newerThanOlder, type Operators } from "./operators.ts";

/**
 * A graph under construction. Tensors between nodes get names that start with
 * a slash and a number, which no input or output of ours can have by chance.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const graph = new OnnxGraph();
 * const sum = graph.node("Add", ["x", graph.floats([1, 2], [2])]);
 * assertEquals([sum, graph.nodes.length, graph.constants.size], ["/1/Add", 1, 1]);
 * ```
 */
export class OnnxGraph {
  /** The nodes so far, each after those whose results it reads. */
  readonly nodes: Node[] = [];
  /** The constants so far by name. */
  readonly constants: Map<string, ConstantTensor> = new Map();
  /** Which operators the nodes are of. */
  readonly operators: Operators;
  readonly #prefix: string;
  #named = 0;

  /** Takes the operators that it may be made of, and what names between nodes start with. */
  constructor(operators: Operators = "current", prefix = "") {
    this.operators = operators;
    this.#prefix = prefix;
  }

  /** Adds an operation of the default set and gives the name of its (first) result. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output: string = this.#name(op),
  ): string {
    this.#add({ op, domain: "", inputs, outputs: [output], attributes });
    return output;
  }

  /** Adds an operation of ai.onnx.ml and gives the name of its result. */
  mlNode(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
  ): string {
    const output = this.#name(op);
    this.#add({ op, domain: "ai.onnx.ml", inputs, outputs: [output], attributes });
    return output;
  }

  /** Adds an operation with several results and gives their names. */
  several(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, Attribute>>,
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.#name(op));
    this.#add({ op, domain: "", inputs, outputs, attributes });
    return outputs;
  }

  /** A graph for the body of a loop, whose names are none of this one's. */
  body(name: string): OnnxGraph {
    return new OnnxGraph(this.operators, `${this.#prefix}/${name}`);
  }

  /**
   * Splits texts at a separator: [N] to [N, pieces of the longest text]. The
   * second result, how many pieces each text has, is left unread.
   */
  splitText(input: string, separator: string): string {
    const output = this.#name("StringSplit");
    this.#add({
      op: "StringSplit",
      domain: "",
      inputs: [input],
      outputs: [output, this.#name("pieces")],
      attributes: { delimiter: separator },
    });
    return output;
  }

  /**
   * The places of the `k` highest values of each row, highest first, of equal ones the first:
   * [N, values] to [N, k]. The values themselves are left unread.
   */
  topPlaces(input: string, k: number): string {
    const output = this.#name("TopK");
    this.#add({
      op: "TopK",
      domain: "",
      inputs: [input, this.integers([k], [1])],
      outputs: [this.#name("values"), output],
      attributes: { axis: 1 },
    });
    return output;
  }

  /** Adds a constant of floats and gives its name. */
  floats(data: Iterable<number>, dims: readonly number[]): string {
    return this.#constant({ type: "float", dims, data: Float32Array.from(data) });
  }

  /** Adds a constant of Float64 numbers and gives its name. */
  doubles(data: Iterable<number>, dims: readonly number[]): string {
    return this.#constant({ type: "double", dims, data: Float64Array.from(data) });
  }

  /** Turns numbers into another type. */
  cast(input: string, type: ElementType): string {
    return this.node("Cast", [input], { to: elementTypes[type] });
  }

  /** Adds a constant of integers and gives its name. */
  integers(data: readonly number[], dims: readonly number[]): string {
    return this.#constant({ type: "int64", dims, data });
  }

  /** Adds a constant of texts and gives its name. */
  texts(data: readonly string[], dims: readonly number[]): string {
    return this.#constant({ type: "string", dims, data });
  }

  /**
   * Puts `columns` of shape [N] side by side: shape [N, columns]. Three nodes
   * however many columns there are, which keeps single predictions quick.
   */
  sideBySide(columns: readonly string[]): string {
    if (columns.length === 1) {
      return this.node("Reshape", [columns[0], this.integers([-1, 1], [2])]);
    }
    const end = this.node("Concat", columns, { axis: 0 });
    const rows = this.node("Reshape", [end, this.integers([columns.length, -1], [2])]);
    return this.node("Transpose", [rows], { perm: Int32Array.of(1, 0) });
  }

  /**
   * The highest number along axis 1, which stays with one place.
   *
   * @param axes Name of a constant that holds that axis, as other reductions take it.
   */
  highest(input: string, axes: string): string {
    return this.operators === "current"
      ? this.node("ReduceMax", [input, axes], { keepdims: 1 })
      : this.node("ReduceMax", [input], { axes: Int32Array.of(1), keepdims: 1 });
  }

  #add(node: Node): void {
    if (this.operators === "older" && node.domain === "" && newerThanOlder.has(node.op)) {
      throw new ModelError(
        `Cannot export the model with older operators: it needs ${node.op}, which they lack`,
        {
          next: "export with current operators, or leave out columns whose texts are " +
            "split or matched",
        },
      );
    }
    this.nodes.push(node);
  }

  #constant(tensor: ConstantTensor): string {
    const name = this.#name("constant");
    this.constants.set(name, tensor);
    return name;
  }

  #name(what: string): string {
    return `${this.#prefix}/${this.#named++}/${what}`;
  }
}
