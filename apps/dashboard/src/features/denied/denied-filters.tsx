import { Button, Group, NativeSelect } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { type RuleNumbers, ruleName } from './reason.js';
import { actions, type DeniedSearch, groups, ranges } from './search.js';
import { deniedTexts } from './texts.js';

interface DeniedFiltersProps {
  readonly search: DeniedSearch;
  readonly rules: RuleNumbers;
  readonly onChange: (change: DeniedSearch) => void;
}

/** Which refusals are listed and how; all of it is in the address. */
export function DeniedFilters({ search, rules, onChange }: DeniedFiltersProps) {
  const { tab = 'denied', group = 'entry', sort = 'last', range = '24h' } = search;
  return (
    <Group gap="sm">
      <FilterInput
        label={deniedTexts.filter}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      {tab !== 'auth' && (
        <FilterInput
          label={deniedTexts.topic}
          placeholder={deniedTexts.topicHint}
          width={160}
          value={search.topic ?? ''}
          onChange={(topic) => onChange({ topic: topic || undefined })}
        />
      )}
      {tab !== 'auth' && (
        <NativeSelect
          aria-label={deniedTexts.action}
          data={[
            { value: '', label: deniedTexts.anyAction },
            ...actions.map((value) => ({ value, label: deniedTexts.actions[value] })),
          ]}
          value={search.action ?? ''}
          onChange={({ currentTarget: { value } }) => onChange({ action: actions.find((one) => one === value) })}
        />
      )}
      <NativeSelect
        aria-label={deniedTexts.group}
        data={groups.map((value) => ({ value, label: deniedTexts.groups[value] }))}
        value={group}
        onChange={({ currentTarget: { value } }) =>
          onChange({ group: groups.find((one) => one === value && one !== 'entry') })
        }
      />
      <NativeSelect
        aria-label={deniedTexts.sort}
        data={Object.entries(deniedTexts.sorts).map(([value, label]) => ({ value, label }))}
        value={sort}
        onChange={({ currentTarget: { value } }) => onChange({ sort: value === 'count' ? 'count' : undefined })}
      />
      <NativeSelect
        aria-label={deniedTexts.range}
        data={ranges.map((value) => ({ value, label: deniedTexts.ranges[value] }))}
        value={range}
        onChange={({ currentTarget: { value } }) =>
          onChange({ range: ranges.find((one) => one === value && one !== '24h') })
        }
      />
      {search.client !== undefined && (
        <Chip text={deniedTexts.onlyClient(search.client)} onRemove={() => onChange({ client: undefined })} />
      )}
      {search.rule !== undefined && (
        <Chip
          text={search.rule === '-' ? deniedTexts.noRule : deniedTexts.onlyRule(deciderName(search.rule, rules))}
          onRemove={() => onChange({ rule: undefined })}
        />
      )}
    </Group>
  );
}

/** A rule of the policy by its number; an authorizer, or a rule of a client's own, by its name. */
function deciderName(id: string, rules: RuleNumbers): string {
  return rules.has(id) ? ruleName(id, rules) : id;
}

/** A filter that came from a row, and the way to be rid of it. */
function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <Button
      variant="light"
      size="xs"
      rightSection={<IconX size={14} aria-hidden />}
      onClick={onRemove}
      aria-label={deniedTexts.removeFilter(text)}
    >
      {text}
    </Button>
  );
}
