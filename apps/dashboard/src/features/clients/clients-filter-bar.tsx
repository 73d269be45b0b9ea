import { Button, NativeSelect, Pill, SegmentedControl } from '@mantine/core';
import { memo } from 'react';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatExact } from '../../shared/ui/format.js';
import { countFilters, noFilters } from './client-filters.js';
import { MoreFilters } from './more-filters.js';
import { clientStates } from './presence-row.js';
import { SavedViews } from './saved-views.js';
import { type ClientsSearch, protocols } from './search.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import classes from './presence-table.module.css';

const texts = clientsTexts.filters;

const states = [
  { value: 'all', label: texts.allStates },
  ...clientStates.map((value) => ({ value, label: clientsTexts[value] })),
];

const protocolChoices = [
  { value: '', label: texts.allProtocols },
  ...protocols.map((value) => ({ value, label: clientsTexts.protocols[value] })),
];

interface ClientsFilterBarProps {
  /** Told of every letter that is typed, long before the address has it. Stable. */
  readonly onText: (text: string) => void;
}

/** What narrows the list; all of it is in the address. Not painted anew for what is typed into it. */
export const ClientsFilterBar = memo(function ClientsFilterBar({ onText }: ClientsFilterBarProps) {
  const [search, change] = useClientsSearch();
  return (
    <div className={classes.bar} role="search" aria-label={texts.bar}>
      <FilterInput
        label={texts.text}
        value={search.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
        onType={onText}
        width={300}
      />
      <SegmentedControl
        size="sm"
        aria-label={texts.state}
        data={states}
        value={search.state ?? 'all'}
        onChange={(state) => change({ state: clientStates.find((each) => each === state) })}
      />
      <NativeSelect
        aria-label={texts.protocol}
        data={protocolChoices}
        value={search.protocol ?? ''}
        onChange={(event) => change({ protocol: protocols.find((each) => each === event.currentTarget.value) })}
      />
      <FilterInput
        label={texts.username}
        value={search.username ?? ''}
        onChange={(username) => change({ username: username || undefined })}
        width={150}
      />
      <MoreFilters />
      <SavedViews />
      <FilterPills />
      <TimePill />
      {countFilters(search) > 0 && (
        <Button variant="subtle" onClick={() => change(noFilters)}>
          {texts.clear}
        </Button>
      )}
    </div>
  );
});

/** The time that was chosen in the chart of connects and disconnects. */
function TimePill() {
  const [{ from, to }, change] = useClientsSearch();
  if (from === undefined && to === undefined) return null;
  const label = `${texts.since}: ${texts.between(from && formatExact(from), to && formatExact(to))}`;
  return (
    <Pill
      size="md"
      withRemoveButton
      onRemove={() => change({ from: undefined, to: undefined })}
      removeButtonProps={{ 'aria-label': texts.remove(label), 'aria-hidden': false, tabIndex: 0 }}
    >
      {label}
    </Pill>
  );
}

/** The filters that have no field of their own in the bar. */
function FilterPills() {
  const [search, change] = useClientsSearch();
  return pillKeys.map((key) => {
    const value = search[key];
    if (value === undefined) return null;
    const label = pillText(key, value);
    return (
      <Pill
        key={key}
        size="md"
        withRemoveButton
        onRemove={() => change({ [key]: undefined })}
        removeButtonProps={{ 'aria-label': texts.remove(label), 'aria-hidden': false, tabIndex: 0 }}
      >
        {label}
      </Pill>
    );
  });
}

const pillKeys = ['address', 'subscribedTo', 'since', 'reason', 'denied', 'banned', 'flapping'] as const;

function pillText(
  key: (typeof pillKeys)[number],
  value: NonNullable<ClientsSearch[(typeof pillKeys)[number]]>,
): string {
  if (key === 'denied' || key === 'banned' || key === 'flapping') return texts[key];
  if (key === 'reason') return `${texts.reason}: ${reasonText(value)}`;
  if (key === 'since') return `${texts.since}: ${texts.ranges[value as keyof typeof texts.ranges]}`;
  return `${texts[key]}: ${value}`;
}
