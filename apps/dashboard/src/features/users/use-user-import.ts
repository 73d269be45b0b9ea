import { useRef, useState } from 'react';
import type { UserImport, UserImportResult } from '../../shared/api/generated/types.gen.js';
import { cutFile } from './import-parts.js';
import { useImportUsers } from './queries.js';

/** What is chosen for an import, beside the file. */
export type ImportOptions = Required<Pick<UserImport, 'existing' | 'skipErrors' | 'disconnect'>>;

/** A file that was chosen. */
export interface ChosenFile {
  readonly name: string;
  readonly content: string;
  readonly format: UserImport['format'];
}

/** How far an import is. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  readonly isRunning: boolean;
}

/** Tries a file as a whole, and then imports it part by part, so that it can be watched and stopped. */
export function useUserImport() {
  const request = useImportUsers();
  const [trial, setTrial] = useState<UserImportResult | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const isStopped = useRef(false);
  // Of two trials the one that was begun last counts.
  const latest = useRef(0);

  const attempt = ({ content, format }: ChosenFile, options: ImportOptions) => {
    const mine = ++latest.current;
    setTrial(null);
    setError(null);
    request
      .mutateAsync({ body: { content, format, ...options, dryRun: true } })
      .then((result) => mine === latest.current && setTrial(result))
      .catch((reason: Error) => mine === latest.current && setError(reason));
  };

  const apply = async ({ content, format }: ChosenFile, options: ImportOptions) => {
    const parts = cutFile(format, content);
    const total = parts.reduce((sum, { rows }) => sum + rows, 0);
    let now: ImportProgress = { done: 0, total, created: 0, updated: 0, isRunning: true };
    isStopped.current = false;
    setError(null);
    try {
      for (const part of parts) {
        if (isStopped.current) break;
        setProgress(now);
        const { created, updated } = await request.mutateAsync({ body: { content: part.content, format, ...options } });
        now = { ...now, done: now.done + part.rows, created: now.created + created, updated: now.updated + updated };
      }
    } catch (reason) {
      setError(reason as Error);
    }
    setProgress({ ...now, isRunning: false });
  };

  const stop = () => {
    isStopped.current = true;
  };
  return { trial, error, progress, attempt, apply, stop };
}
