import { Button, Checkbox, NativeSelect, Popover, Stack, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { knownReasons, reasonText } from '../../shared/reasons/reason-text.js';
import type { ChangeSearch } from '../../shared/search/use-change-search.js';
import { isAddress } from './client-filters.js';
import type { ClientsSearch } from './search.js';
import { type SinceRange, sinceRanges } from './since-ranges.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';

const texts = clientsTexts.filters;

/** The filters that are needed less often. */
export function MoreFilters() {
  const [search, change] = useClientsSearch();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus position="bottom-start" width={300}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          aria-haspopup="dialog"
          onClick={() => setOpen(!isOpen)}
        >
          {texts.more}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.more}>
        <Stack gap="sm">
          <TextFilter
            label={texts.address}
            placeholder="10.0.0.0/8"
            value={search.address ?? ''}
            problemOf={(value) => (isAddress(value) ? null : texts.notAnAddress)}
            onApply={(address) => change({ address })}
          />
          <TextFilter
            label={texts.subscribedTo}
            placeholder="plant/+/temperature"
            value={search.subscribedTo ?? ''}
            onApply={(subscribedTo) => change({ subscribedTo })}
          />
          <SinceSelect value={search.since} change={change} />
          <NativeSelect
            label={texts.reason}
            data={[
              { value: '', label: texts.anyReason },
              ...knownReasons.map((value) => ({ value, label: reasonText(value) })),
            ]}
            value={search.reason ?? ''}
            onChange={(event) => change({ reason: event.currentTarget.value || undefined })}
          />
          {(['denied', 'banned', 'flapping'] as const).map((key) => (
            <Checkbox
              key={key}
              label={texts[key]}
              checked={search[key] === 'true'}
              onChange={(event) => change({ [key]: event.currentTarget.checked ? 'true' : undefined })}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function SinceSelect({ value, change }: { value: SinceRange | undefined; change: ChangeSearch<ClientsSearch> }) {
  const ranges = Object.keys(sinceRanges) as SinceRange[];
  return (
    <NativeSelect
      label={texts.since}
      data={[
        { value: '', label: texts.anyTime },
        ...ranges.map((range) => ({ value: range, label: texts.ranges[range] })),
      ]}
      value={value ?? ''}
      onChange={(event) => change({ since: ranges.find((range) => range === event.currentTarget.value) })}
    />
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly problemOf?: (value: string) => string | null;
  readonly onApply: (value: string | undefined) => void;
}

/** A text that counts when it is complete: at Enter, or when it is left. */
function TextFilter({ label, placeholder, value, problemOf, onApply }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const text = typed.trim();
  const problem = text === '' ? null : (problemOf?.(text) ?? null);
  const apply = () => {
    if (problem === null && text !== value) onApply(text || undefined);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={label}
        placeholder={placeholder}
        value={typed}
        error={problem}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={apply}
        autoComplete="off"
        spellCheck={false}
      />
    </form>
  );
}
