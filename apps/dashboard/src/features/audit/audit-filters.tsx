import { Checkbox, Group, NativeSelect, Pill, SegmentedControl } from '@mantine/core';
import { FilterInput } from '../../shared/ui/filter-input.js';
import type { AuditSearch } from './search.js';
import { auditTexts } from './texts.js';

interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly onChange: (change: AuditSearch) => void;
}

/** The groups that actions come in; the server takes the beginning of an action. */
const actionGroups = [
  'account',
  'apiKeys',
  'audit',
  'auth',
  'backup',
  'bans',
  'clients',
  'invitations',
  'operators',
  'policy',
  'publish',
  'requests',
  'retained',
  'sessions',
  'setup',
  'tails',
  'users',
];

/** Which entries are shown; all of it is in the address. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { action } = search;
  const actions = action === undefined || actionGroups.includes(action) ? actionGroups : [action, ...actionGroups];
  return (
    <Group gap="sm">
      <FilterInput
        label={auditTexts.filterObject}
        placeholder={auditTexts.filterObjectHint}
        value={search.object ?? ''}
        onChange={(object) => onChange({ object: object || undefined, ...(object === '' && { match: undefined }) })}
      />
      {search.object !== undefined && (
        <Checkbox
          label={auditTexts.exactly}
          checked={search.match === 'exact'}
          onChange={(event) => onChange({ match: event.currentTarget.checked ? 'exact' : undefined })}
        />
      )}
      {search.rule !== undefined && (
        <Pill
          withRemoveButton
          size="md"
          removeButtonProps={{ 'aria-label': auditTexts.everyRule }}
          onRemove={() => onChange({ rule: undefined })}
        >
          {auditTexts.ofRule(search.rule)}
        </Pill>
      )}
      <FilterInput
        label={auditTexts.filterOperator}
        width={160}
        value={search.operator ?? ''}
        onChange={(operator) => onChange({ operator: operator || undefined })}
      />
      <NativeSelect
        aria-label={auditTexts.filterAction}
        translate="no"
        data={[{ value: '', label: auditTexts.anyAction }, ...actions]}
        value={action ?? ''}
        onChange={(event) => onChange({ action: event.currentTarget.value || undefined })}
      />
      <SegmentedControl
        aria-label={auditTexts.resultLabel}
        data={Object.entries(auditTexts.results).map(([value, label]) => ({ value, label }))}
        value={search.result ?? 'all'}
        onChange={(result) => onChange({ result: result === 'done' || result === 'refused' ? result : undefined })}
      />
    </Group>
  );
}
