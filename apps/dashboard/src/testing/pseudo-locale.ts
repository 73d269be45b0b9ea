import { parseAst, type Plugin } from 'vite';
import { isCatalogue, isExample } from './human-words.js';

const plain = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const accented = [...'åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ'];
const accents = new Map(plain.map((letter, index) => [letter, accented[index]]));

/** What other languages need beyond the room of English. */
const LONGER = 0.4;

/** A piece of a program, as the parser gives it. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

/** What stands in place of a piece of the source. */
type Edit = readonly [start: number, end: number, text: string];

/**
 * The dashboard in a language that nobody speaks: the words of its catalogues with accents, longer, and in brackets. What
 * stays plain is hard-coded, and what no longer fits would not in other languages either.
 */
export function pseudoLocale(): Plugin {
  return {
    name: 'perch-pseudo-locale',
    enforce: 'pre',
    transform: (code, id) => (isCatalogue(id) ? { code: inPseudoLocale(code), map: null } : null),
  };
}

/** A catalogue with its words rewritten; keys, what is put into a text and what is compared stay. */
export function inPseudoLocale(code: string): string {
  const edits = editsOf(parseAst(code, { lang: 'ts' }) as unknown as Node);
  const fromTheEnd = edits.toSorted(([one], [other]) => other - one);
  return fromTheEnd.reduce((text, [start, end, words]) => text.slice(0, start) + words + text.slice(end), code);
}

function editsOf(node: Node): Edit[] {
  if (node.type === 'Literal') return editsOfLiteral(node);
  const inside = spokenIn(node).flatMap(editsOf);
  return node.type === 'TemplateLiteral' ? [...inside, ...editsOfTemplate(node)] : inside;
}

function editsOfLiteral({ value, start, end }: Node): Edit[] {
  return typeof value === 'string' && isText(value) ? [[start, end, JSON.stringify(`[${inAccents(value)}]`)]] : [];
}

/** The brackets stand around the whole of it: what is put in belongs to the text. */
function editsOfTemplate({ quasis }: Node): Edit[] {
  const parts = quasis as (Node & { value: { raw: string; cooked: string }; tail: boolean })[];
  if (!parts.some(({ value }) => isText(value.cooked))) return [];
  return parts.map(({ start, value: { raw, cooked }, tail }, index) => {
    const text = `${index === 0 ? '[' : ''}${inAccents(cooked)}${tail ? ']' : ''}`;
    const from = start + 1; // behind the back quote, or the brace
    return [from, from + raw.length, text.replaceAll(/[\\`]|\$\{/g, '\\$&')];
  });
}

const comparisons = ['===', '!==', '==', '!=', '<', '>', '<=', '>=', 'in', 'instanceof'];

/** The parts of a node that can hold words for people. */
function spokenIn(node: Node): Node[] {
  if (/^(TSAs|TSSatisfies)Expression$/.test(node.type)) return nodesIn(node['expression']);
  if (/^(TS|Import)/.test(node.type)) return [];
  if (node.type === 'Property') return nodesIn(node['value']);
  if (node.type === 'MemberExpression') return nodesIn(node['object']);
  if (node.type === 'SwitchCase') return nodesIn(node['consequent']);
  if (node.type === 'BinaryExpression' && comparisons.includes(String(node['operator']))) return [];
  return Object.values(node).flatMap(nodesIn);
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  const isNode = typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
  return isNode ? [value as Node] : [];
}

function isText(text: string): boolean {
  return /\p{L}/u.test(text) && !isExample(text);
}

/** Each word in accents, and longer by itself: a line can be broken where it could be before. */
function inAccents(text: string): string {
  return text.replaceAll(/\p{L}+/gu, (word) => {
    const letters = [...word].map((letter) => accents.get(letter) ?? letter);
    return letters.join('') + '·'.repeat(Math.round(letters.length * LONGER));
  });
}
