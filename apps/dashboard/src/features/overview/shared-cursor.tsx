import { createContext, type ReactNode, useContext, useState } from 'react';

interface SharedCursor {
  /** The step that is pointed at in one of the charts, or none. */
  readonly step: number | null;
  readonly setStep: (step: number | null) => void;
}

const Cursor = createContext<SharedCursor>({ step: null, setStep: () => undefined });

/** The charts inside show the same step. */
export function SharedCursorProvider({ children }: { children: ReactNode }) {
  const [step, setStep] = useState<number | null>(null);
  return <Cursor value={{ step, setStep }}>{children}</Cursor>;
}

/** The step that all charts show, and how to point at another. */
export function useSharedCursor(): SharedCursor {
  return useContext(Cursor);
}
