import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { uiTexts } from './texts.js';

interface FilterInputProps {
  readonly label: string;
  readonly value: string;
  /** Called once the typing pauses. */
  readonly onChange: (value: string) => void;
  /** How long a pause that is; 200 ms unless the list is filtered right here. */
  readonly pauseMs?: number;
  readonly placeholder?: string;
  readonly width?: number | string;
}

const typingPauseMs = 200;

/** The text filter of a list. `/` focuses it from anywhere on the page; Escape clears it, then leaves it. */
export function FilterInput(props: FilterInputProps) {
  const { label, value, onChange, placeholder, width = 280, pauseMs = typingPauseMs } = props;
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, Forward and links change the address: the field follows.
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (next: string, waitMs = pauseMs) => {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setKnown(next);
      onChange(next);
    }, waitMs);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') change(typed, 0);
    if (event.key !== 'Escape') return;
    if (typed === '') event.currentTarget.blur();
    else change('', 0);
  };
  return (
    <TextInput
      data-filter-input
      type="text"
      size="sm"
      w={width}
      maw="100%"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed === '' ? undefined : (
          <CloseButton size="sm" aria-label={uiTexts.clearFilter} onClick={() => change('', 0)} />
        )
      }
      autoComplete="off"
      spellCheck={false}
    />
  );
}
