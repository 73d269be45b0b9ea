import { useLocalStorage } from '@mantine/hooks';

const MOST_PINS = 50;

/** The topics and sub-trees that somebody keeps at hand, in this browser. */
export function usePins() {
  const [pins, setPins] = useLocalStorage<readonly string[]>({
    key: 'perch-pinned-topics',
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: pinsOf,
  });
  const toggle = (topic: string) =>
    setPins((before) =>
      before.includes(topic) ? before.filter((pin) => pin !== topic) : [...before, topic].slice(-MOST_PINS),
    );
  return { pins, toggle };
}

/** What is stored may be anything. */
function pinsOf(text: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter((pin) => typeof pin === 'string').slice(-MOST_PINS) : [];
  } catch {
    // Not ours: as if there were none.
    return [];
  }
}
