/**
 * The syntax tree of a module, and what each name in it stands for. It brings a native parser
 * along: a module that imports it is asked by its address, with `askParser`.
 *
 * @module
 */

export {
  type CommentMark,
  type Mention,
  type Name,
  type ParsedModule,
  parseModule,
  type Scope,
  type Variable,
} from "./parse.ts";
export {
  below,
  childrenOf,
  declaredIn,
  fixedName,
  hasDefaults,
  isFunction,
  isNode,
  isTypeOnly,
  literalText,
  namesDeclared,
  type SyntaxNode,
  withoutTypes,
} from "./syntax.ts";
