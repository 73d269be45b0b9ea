import { type FormEvent, useEffect, useState } from 'react';
import type { ImpactPreview } from '../impact/use-impact.js';
import type { Guard } from './use-guard.js';

interface GuardedSave {
  readonly preview: ImpactPreview;
  readonly guard: Guard;
  readonly save: () => void;
  /** It cannot be saved now, whatever the preview says. */
  readonly isOff: boolean;
}

/** Saves once it is known how many clients lose something, or that it cannot be known; not past a shut guard. */
export function useGuardedSave({ preview, guard, save, isOff }: GuardedSave) {
  const [isAsked, setAsked] = useState(false);
  const isKnown = preview.isCurrent || preview.error !== null;
  useEffect(() => {
    if (!isAsked || !isKnown) return;
    setAsked(false);
    if (!isOff && !guard.isShut) save();
  }, [isAsked, isKnown, isOff, guard.isShut, save]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isOff && !guard.isShut) setAsked(true);
  };
  return { isWaiting: isAsked, submit };
}
