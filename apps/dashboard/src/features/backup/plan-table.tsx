import { Accordion, Stack, Text } from '@mantine/core';
import type { RestorePlan } from '../../shared/api/generated/types.gen.js';
import { Literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatCount } from '../../shared/ui/format.js';
import { type MarkKind, StatusMark } from '../../shared/ui/status-mark.js';
import { backupTexts } from './texts.js';
import classes from './backup.module.css';

type Section = RestorePlan['sections'][number];
type Item = Section['items'][number];
type Problem = Section['problems'][number];

const texts = backupTexts.plan;

const counts = ['create', 'change', 'remove', 'leave', 'unchanged'] as const;

const sectionColumns: readonly Column<Section>[] = [
  { key: 'section', header: texts.columns.section, isRowHeader: true, cell: ({ name }) => texts.names[name] },
  ...counts.map((count): Column<Section> => ({
    key: count,
    header: texts.columns[count],
    align: 'end',
    cell: (section) => (section[count] === 0 ? <span className={classes.none}>0</span> : formatCount(section[count])),
  })),
];

const itemColumns: readonly Column<Item>[] = [
  {
    key: 'name',
    header: texts.item.name,
    isRowHeader: true,
    cell: ({ name }) => <Literal>{name}</Literal>,
  },
  {
    key: 'outcome',
    header: texts.item.outcome,
    width: 120,
    cell: ({ outcome }) => <StatusMark kind={marks[outcome]}>{texts.outcomes[outcome]}</StatusMark>,
  },
  { key: 'changes', header: texts.item.changes, cell: (item) => <Changes item={item} /> },
];

const problemColumns: readonly Column<Problem>[] = [
  { key: 'path', header: texts.problem.path, isRowHeader: true, cell: ({ path }) => <code>{path}</code> },
  {
    key: 'message',
    header: texts.problem.message,
    cell: ({ message }) => <span className={classes.changes}>{message}</span>,
  },
];

const marks: Record<Item['outcome'], MarkKind> = {
  create: 'allow',
  change: 'warning',
  remove: 'deny',
  leave: 'neutral',
};

/** What a restore would do, or has done: how much of each section, and one by one. */
export function PlanTable({ plan, isStale }: { plan: RestorePlan; isStale: boolean }) {
  const { sections, applied } = plan;
  const problems = sections.flatMap((section) => section.problems);
  const problemCount = sections.reduce((sum, section) => sum + section.problemCount, 0);
  const hasItems = sections.some(({ items }) => items.length > 0);
  return (
    <Stack gap="sm">
      <Text fw={600} role="status">
        {applied ? texts.done : texts.title}
      </Text>
      <DataTable
        label={texts.table}
        columns={sectionColumns}
        rows={sections}
        rowKey={({ name }) => name}
        empty={null}
        isStale={isStale}
        minWidth={520}
      />
      {!hasItems && problemCount === 0 && <Text size="sm">{texts.nothing}</Text>}
      {problemCount > 0 && (
        <>
          <Text size="sm" c="danger">
            {texts.wrong(formatCount(problemCount))}
          </Text>
          <DataTable
            label={texts.problems}
            columns={problemColumns}
            rows={problems}
            rowKey={({ path, message }) => `${path} ${message}`}
            empty={null}
            minWidth={420}
          />
          <More shown={problems.length} of={problemCount} />
        </>
      )}
      <Details sections={sections.filter(({ items }) => items.length > 0)} />
    </Stack>
  );
}

function Details({ sections }: { sections: readonly Section[] }) {
  return (
    <Accordion multiple variant="contained" order={3}>
      {sections.map(({ name, items, ...section }) => (
        <Accordion.Item key={name} value={name}>
          <Accordion.Control>{texts.details(texts.names[name])}</Accordion.Control>
          <Accordion.Panel>
            <DataTable
              label={texts.details(texts.names[name])}
              columns={itemColumns}
              rows={items}
              rowKey={({ name: item, changes }) => `${item} ${changes.map(({ field }) => field).join(' ')}`}
              empty={null}
              minWidth={480}
            />
            <More shown={items.length} of={section.create + section.change + section.remove + section.leave} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function More({ shown, of }: { shown: number; of: number }) {
  if (of <= shown) return null;
  return (
    <Text size="sm" c="dimmed" mt="xs">
      {texts.more(formatCount(of - shown))}
    </Text>
  );
}

function Changes({ item: { changes, note } }: { item: Item }) {
  return (
    <div className={classes.changes}>
      {note}
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          <span className={classes.field}>{field}</span> {texts.change(wordOf(before), wordOf(after))}
        </div>
      ))}
    </div>
  );
}

const LONGEST_SHOWN = 300;

/** A value in few words: text as it is, the rest as JSON. */
function wordOf(value: unknown): string {
  const text = typeof value === 'string' ? value || '“”' : value === null ? '-' : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
