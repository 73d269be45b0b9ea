import ts from 'typescript';

/**
 * The titles of the tests in a file, those of a table row by row. A row of which nothing is written down, because it is
 * made at run time, has the title of its table.
 * @param {ts.SourceFile} source
 * @returns {string[]}
 */
export function titlesOf(source) {
  const titles = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTest(node.expression)) titles.push(...titlesOfTest(node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** `test`, `it`, and what hangs on them, unless it is not run. */
function isTest(callee) {
  if (ts.isIdentifier(callee)) return callee.text === 'test' || callee.text === 'it';
  if (ts.isCallExpression(callee)) return isTest(callee.expression);
  return (
    ts.isPropertyAccessExpression(callee) && !['skip', 'todo'].includes(callee.name.text) && isTest(callee.expression)
  );
}

function titlesOfTest(call, source) {
  const title = textOf(call.arguments[0]);
  if (title === null) return [];
  const table = tableOf(call.expression);
  const rows = table ? rowsOf(table, source) : [];
  return rows.length > 0 ? rows.map((row) => filledIn(title, row)) : [title];
}

/** The rows given to `test.each(rows)` or `test.for(rows)`. */
function tableOf(callee) {
  if (!ts.isCallExpression(callee) || !ts.isPropertyAccessExpression(callee.expression)) return null;
  return ['each', 'for'].includes(callee.expression.name.text) ? callee.arguments[0] : null;
}

function rowsOf(table, source) {
  const rows = literal(table);
  if (ts.isIdentifier(rows)) {
    const initializer = declared(rows.text, source);
    return initializer ? rowsOf(initializer, source) : [];
  }
  return ts.isArrayLiteralExpression(rows) ? rows.elements.map(literal) : [];
}

/** What a constant of this name is made with. */
function declared(name, source) {
  let found = null;
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name)
      found = node.initializer;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** As vitest fills in a title: `%s` by position, `$name` by name; what is not shown is still searched for tags. */
function filledIn(title, row) {
  const columns = ts.isArrayLiteralExpression(row) ? row.elements.map(literal) : [row];
  const fields = ts.isObjectLiteralExpression(row) ? row.properties.filter(ts.isPropertyAssignment) : [];
  const rest = [...columns];
  const byPosition = title.replace(/%[sdifjop]/g, () => (rest.length > 0 ? shown(rest.shift()) : ''));
  const byName = byPosition.replace(/\$(\w+)/g, (whole, name) => {
    const field = fields.find((each) => each.name.getText() === name);
    return field ? shown(literal(field.initializer)) : whole;
  });
  const unseen = [...rest, ...fields.map((field) => literal(field.initializer))].map(textOf);
  const tags = unseen.flatMap((text) => text?.match(/\[MQTT[^\]]*\]/g) ?? []);
  return [byName, ...tags].join(' ');
}

function shown(node) {
  return textOf(node) ?? node.getText();
}

/** A string as it is written; what a template inserts is left open. */
function textOf(node) {
  if (!node) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return `${textOf(node.left) ?? '…'}${textOf(node.right) ?? '…'}`;
  }
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('');
}

/** The expression inside `as`, `satisfies` and parentheses. */
function literal(node) {
  const isWrapped = ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node);
  return isWrapped ? literal(node.expression) : node;
}
