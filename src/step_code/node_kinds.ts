/** Which nodes of a syntax tree do something by themselves. */

import { wordSet } from "./language.ts";

/** Nodes that do what their parts do. */
export const structural = wordSet(
  "ArrayExpression ArrayPattern BlockStatement BreakStatement CatchClause ChainExpression " +
    "ConditionalExpression ContinueStatement DoWhileStatement EmptyStatement " +
    "ExpressionStatement ForStatement IfStatement LabeledStatement LogicalExpression " +
    "ObjectExpression ObjectPattern RestElement ReturnStatement SequenceExpression SwitchCase " +
    "SwitchStatement TemplateElement ThrowStatement TryStatement TSParameterProperty " +
    "WhileStatement TSEnumDeclaration TSEnumBody TSEnumMember",
);

/** Nodes that do nothing by themselves. */
export const inert = wordSet(
  "ArrowFunctionExpression FunctionDeclaration FunctionExpression Identifier Literal " +
    "MetaProperty Super ThisExpression",
);
