import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FilterInput } from './filter-input.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function Example() {
  const [filter, setFilter] = useState('');
  return (
    <MantineProvider env="test">
      <FilterInput label="Filter" value={filter} onChange={setFilter} />
      <button onClick={() => setFilter('')}>Clear filters</button>
      <output>{filter}</output>
    </MantineProvider>
  );
}

/** Types, and says what is filtered by. */
function open() {
  render(<Example />);
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Filter' });
  const type = (value: string) => fireEvent.change(field, { target: { value } });
  return { field, type, filter: () => screen.getByRole('status').textContent };
}

test('what is typed filters when the typing pauses, or at once when the field is left', () => {
  const { field, type, filter } = open();
  type('pump');
  expect(filter()).toBe('');
  act(() => void vi.runAllTimers());
  expect(filter()).toBe('pump');
  type('pump-1');
  fireEvent.blur(field);
  expect(filter()).toBe('pump-1');
});

test('what was typed a moment before all filters are cleared does not come back', () => {
  const { field, type, filter } = open();
  type('pump');
  // As a press of the mouse does it.
  fireEvent.blur(field);
  fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  act(() => void vi.runAllTimers());
  expect([filter(), field.value]).toEqual(['', '']);
});
