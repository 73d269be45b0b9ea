import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { countFilters, protocols } from './search.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import classes from './presence-table.module.css';

const texts = clientsTexts.filters;

const states = [
  { value: 'all', label: texts.allStates },
  { value: 'online', label: clientsTexts.online },
  { value: 'offline', label: clientsTexts.offline },
];

const protocolChoices = [
  { value: '', label: texts.allProtocols },
  ...protocols.map((value) => ({ value, label: clientsTexts.protocols[value] })),
];

/** What narrows the list; all of it is in the address. */
export function ClientsFilterBar() {
  const [search, change] = useClientsSearch();
  const clear = () => change({ q: undefined, state: undefined, protocol: undefined, username: undefined });
  return (
    <div className={classes.bar} role="search" aria-label={texts.bar}>
      <FilterInput
        label={texts.text}
        value={search.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
        pauseMs={0}
        width={300}
      />
      <SegmentedControl
        size="sm"
        aria-label={texts.state}
        data={states}
        value={search.state ?? 'all'}
        onChange={(state) => change({ state: states.length && state !== 'all' ? (state as 'online') : undefined })}
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
      {countFilters(search) > 0 && (
        <Button variant="subtle" onClick={clear}>
          {texts.clear}
        </Button>
      )}
    </div>
  );
}
