import { useRef, useState } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import type { RestorePlan, RestoreQuestion } from '../../shared/api/generated/types.gen.js';
import { usePlanRestore, useRestore } from './queries.js';

/** A file that was chosen. */
export interface ChosenBackup {
  readonly name: string;
  /** Characters. */
  readonly size: number;
  readonly backup: RestoreQuestion['backup'];
}

/** How it is to be restored. */
export type RestoreChoice = Omit<RestoreQuestion, 'backup'>;

export const usualChoice: RestoreChoice = { mode: 'merge', disconnect: true };

/** A file, how it is to be restored, and what that would do: asked anew with every choice, and done when it is wanted. */
export function useRestorePlan() {
  const asked = useAskedPlan();
  const restore = useRestore();
  const [isOutdated, setOutdated] = useState(false);
  const { file, choice, plan, ask, setPlan, setError } = asked;

  const look = (nextFile: ChosenBackup, nextChoice: RestoreChoice) => {
    setOutdated(false);
    if (nextFile !== file) setPlan(null);
    ask(nextFile, nextChoice);
  };

  /** Whether it was done. Where something was changed meanwhile, there is a new plan to look at. */
  const apply = async (): Promise<boolean> => {
    if (!file || !plan) return false;
    try {
      setPlan(await restore.mutateAsync({ body: { backup: file.backup, ...choice, plan: plan.plan } }));
      return true;
    } catch (reason) {
      const isOld = reason instanceof ApiError && reason.code === 'plan-outdated';
      setOutdated(isOld);
      if (isOld) ask(file, choice);
      else setError(reason as Error);
      return false;
    }
  };

  return { ...asked, isOutdated, isRestoring: restore.isPending, look, apply };
}

function useAskedPlan() {
  const [file, setFile] = useState<ChosenBackup | null>(null);
  const [choice, setChoice] = useState(usualChoice);
  const [plan, setPlan] = useState<RestorePlan | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const question = usePlanRestore();
  // Of two questions the one that was asked last counts.
  const latest = useRef(0);

  const ask = (nextFile: ChosenBackup, nextChoice: RestoreChoice) => {
    const mine = ++latest.current;
    setFile(nextFile);
    setChoice(nextChoice);
    setError(null);
    question
      .mutateAsync({ body: { backup: nextFile.backup, ...nextChoice } })
      .then((next) => mine === latest.current && setPlan(next))
      .catch((reason: Error) => mine === latest.current && fail(reason, nextFile));
  };

  /** There is no plan, for this reason, of this file. */
  const fail = (reason: Error, of: ChosenBackup | null = null) => {
    latest.current++;
    setFile(of);
    setPlan(null);
    setError(reason);
  };

  return { file, choice, plan, error, isAsking: question.isPending, ask, fail, setPlan, setError };
}
