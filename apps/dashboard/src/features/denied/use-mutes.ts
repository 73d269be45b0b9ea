import { useLocalStorage } from '@mantine/hooks';
import { useSession } from '../../shared/session/session.js';
import { useNow } from '../../shared/ui/use-now.js';

const hourMs = 3_600_000;
const most = 500;

/** Which rows an operator does not want to see for an hour, in this browser. */
export interface Mutes {
  readonly isMuted: (key: string) => boolean;
  readonly mute: (key: string) => void;
  readonly clear: () => void;
}

/** The rows that the signed-in operator has muted. What is muted is still counted. */
export function useMutes(): Mutes {
  const now = useNow();
  const [until, setUntil] = useLocalStorage<Readonly<Record<string, number>>>({
    key: `perch-denied-muted-${useSession()?.name ?? ''}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  return {
    isMuted: (key) => (until[key] ?? 0) > now,
    mute: (key) => {
      const current = Object.entries(until).filter(([, end]) => end > now);
      setUntil(Object.fromEntries([...current, [key, now + hourMs] as const].slice(-most)));
    },
    clear: () => setUntil({}),
  };
}
