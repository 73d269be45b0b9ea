import { useEffect, useRef, useState } from 'react';
import type { RetainedImportResult } from '../../shared/api/generated/types.gen.js';
import { retainedFileImport } from '../../shared/api/generated/sdk.gen.js';
import { partsOf } from './file-parts.js';

/** What becomes of topics that have a message. */
export type Existing = 'replace' | 'keep';

/** How far the file was read, and what came of it. */
export interface ImportRun {
  readonly isDry: boolean;
  readonly isRunning: boolean;
  /** In bytes. */
  readonly done: number;
  readonly total: number;
  readonly result: RetainedImportResult;
  readonly error: Error | null;
}

const MOST_PROBLEMS = 100;

/** Reads a file into the broker part by part, so that it can be watched and stopped; dry to begin with. */
export function useImport() {
  const [run, setRun] = useState<ImportRun | null>(null);
  const current = useRef<AbortController>(undefined);
  const stop = () => current.current?.abort();
  useEffect(() => stop, []);

  const start = async (file: File, existing: Existing, isDry: boolean) => {
    stop();
    const controller = new AbortController();
    current.current = controller;
    let state: ImportRun = { isDry, isRunning: true, done: 0, total: file.size, result: nothing(isDry), error: null };
    const show = (patch: Partial<ImportRun>) => {
      state = { ...state, ...patch };
      // Of two runs the one that was begun last counts.
      if (current.current === controller) setRun(state);
    };
    show({});
    try {
      for await (const { content, linesBefore, end } of partsOf(file)) {
        if (controller.signal.aborted) break;
        const part = await send(content, existing, isDry);
        show({ done: end, result: sum(state.result, part, linesBefore) });
        if (part.stopped !== null) break;
      }
    } catch (error) {
      show({ error: error as Error });
    }
    show({ isRunning: false });
  };
  return { run, start, stop };
}

async function send(content: Blob, existing: Existing, isDry: boolean): Promise<RetainedImportResult> {
  const { data } = await retainedFileImport({
    // The document calls it a text; a file need not become one here.
    body: content as unknown as string,
    bodySerializer: null,
    query: { existing, dryRun: isDry ? 'true' : 'false' },
  });
  return data;
}

function nothing(isDry: boolean): RetainedImportResult {
  const counts = { lines: 0, created: 0, replaced: 0, kept: 0, expired: 0, failed: 0 };
  return { applied: !isDry, ...counts, problems: [], stopped: null };
}

function sum(before: RetainedImportResult, part: RetainedImportResult, linesBefore: number): RetainedImportResult {
  const problems = part.problems.map((problem) => ({ ...problem, line: problem.line + linesBefore }));
  return {
    applied: part.applied,
    lines: before.lines + part.lines,
    created: before.created + part.created,
    replaced: before.replaced + part.replaced,
    kept: before.kept + part.kept,
    expired: before.expired + part.expired,
    failed: before.failed + part.failed,
    problems: [...before.problems, ...problems].slice(0, MOST_PROBLEMS),
    stopped: part.stopped,
  };
}
