const HEAD = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)$/;
const LABELS = /^\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*\}$/;
const BASE_UNITS = /(?:milli|micro|kilo|mega)|_(?:ms|minutes|hours|kb|mb|percent)(?:_|$)/;

/**
 * Reads Prometheus' text format as strictly as its own parser and `promtool check metrics` do, and throws at the first
 * line that breaks a rule: what tells of a metric comes once and before its samples, which stand together; a counter is
 * called `_total`, nothing else is; units are base units; every value is a number. Returns the samples.
 */
export function checkExposition(text: string): Map<string, number> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const samples = new Map<string, number>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = HEAD.exec(line) ?? [];
    if (kind === 'HELP') {
      must(!helped.has(name), `${name} has two HELP lines`);
      helped.add(name);
      current = name;
    } else if (kind === 'TYPE') {
      must(current === name && !types.has(name), `TYPE of ${name} is not behind its HELP`);
      must(rest === 'counter' || rest === 'gauge', `${name} is a ${rest}`);
      must((rest === 'counter') === name.endsWith('_total'), `${name} is a ${rest}`);
      must(!BASE_UNITS.test(name), `${name} is not in base units`);
      types.set(name, rest);
    } else readSample(line, current, samples);
  }
  for (const name of types.keys()) must(helped.has(name), `${name} has no HELP`);
  return samples;
}

function readSample(line: string, current: string, samples: Map<string, number>): void {
  const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  must(name === current, `"${line}" does not stand behind its TYPE`);
  must(labels === '' || LABELS.test(labels), `"${labels}" is no list of labels`);
  must(!/client_?id|username|topic/i.test(labels), `"${labels}" has no bound`);
  must(value !== '' && Number.isFinite(Number(value)), `"${value}" is no number`);
  must(!samples.has(name + labels), `${name}${labels} comes twice`);
  samples.set(name + labels, Number(value));
}

function must(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
