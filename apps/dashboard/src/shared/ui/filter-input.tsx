import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { uiTexts } from './texts.js';

interface FilterInputProps {
  readonly label: string;
  readonly value: string;
  /** Called once the typing pauses. */
  readonly onChange: (value: string) => void;
  /** How long a pause that is; 200 ms where nothing is said. */
  readonly pauseMs?: number;
  /** Told of every letter before it is painted, for a list that is filtered right here. Stable. */
  readonly onType?: (value: string) => void;
  readonly placeholder?: string;
  readonly width?: number | string;
}

const typingPauseMs = 200;

/** The text filter of a list. `/` focuses it from anywhere on the page; Escape clears it, then leaves it. */
export function FilterInput(props: FilterInputProps) {
  const { label, value, onChange, placeholder, width = 280, pauseMs = typingPauseMs, onType } = props;
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, Forward and links change the address: the field follows.
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  useLayoutEffect(() => onType?.(typed), [onType, typed]);

  const change = (next: string, waitMs = pauseMs) => {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(next), waitMs);
  };
  const tell = (next: string) => {
    clearTimeout(timer.current);
    setKnown(next);
    onChange(next);
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
      // Whoever goes on to clear all filters clears this one too: it must not come after.
      onBlur={() => typed !== known && tell(typed)}
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
