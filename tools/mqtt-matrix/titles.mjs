import ts from 'typescript';

/**
 * The titles of the tests in a file, those of a table row by row, and what they are grouped under. A row of which nothing
 * is written down, because it is made at run time, has the title of its table.
 * @param {ts.SourceFile} source
 * @returns {{ groups: string[], title: string }[]}
 */
export function titlesOf(source) {
  const titles = [];
  const visit = (node, groups) => {
    const called = ts.isCallExpression(node) ? node.expression : null;
    if (called && isCallOf(called, ['test', 'it'])) {
      for (const title of titlesOfTest(node, source)) titles.push({ groups, title });
    }
    const group = called && isCallOf(called, ['describe']) ? textOf(node.arguments[0]) : null;
    const inner = group === null ? groups : [...groups, leftOpen(group)];
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, []);
  return titles;
}

/** One of these functions, or what hangs on it, unless it is not run. */
function isCallOf(callee, names) {
  if (ts.isIdentifier(callee)) return names.includes(callee.text);
  if (ts.isCallExpression(callee)) return isCallOf(callee.expression, names);
  return (
    ts.isPropertyAccessExpression(callee) &&
    !['skip', 'todo'].includes(callee.name.text) &&
    isCallOf(callee.expression, names)
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
  if (!ts.isArrayLiteralExpression(rows)) return [];
  return rows.elements.flatMap((row) => (ts.isSpreadElement(row) ? rowsOf(row.expression, source) : literal(row)));
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

/** The title of a group, of which any row may be meant. */
function leftOpen(title) {
  return title.replace(/%[sdifjop]|\$\w+/g, '…');
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
