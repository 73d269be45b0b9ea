import { Progress, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RetainedJob } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { formatCount, formatCounted } from '../../shared/ui/format.js';
import { notifyError } from '../../shared/ui/notify.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { useNow } from '../../shared/ui/use-now.js';
import { refreshAllRetained, retainedJobs, stopJob, undoJob } from './queries.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const texts = retainedTexts.jobs;
/** What has ended is shown for so long. */
const SHOWN_MS = 60_000;

/** What is done to many messages at once, whoever began it and wherever it was begun. */
export function JobsPanel() {
  const queryClient = useQueryClient();
  const { data } = useQuery(retainedJobs());
  const nowMs = useNow();
  const states = data?.items.map(({ id, state }) => `${id} ${state}`).join();
  const seen = useRef(states);
  useEffect(() => {
    // Something has begun or ended since: what is listed is no longer so.
    if (seen.current !== undefined && seen.current !== states) refreshAllRetained(queryClient).catch(reportError);
    seen.current = states;
  }, [states, queryClient]);
  const shown = (data?.items ?? []).filter(({ endedAt }) => endedAt === null || nowMs - Date.parse(endedAt) < SHOWN_MS);
  if (shown.length === 0) return null;
  return (
    <section aria-label={texts.label} className={classes.jobs} aria-live="polite">
      {shown.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </section>
  );
}

function JobLine({ job }: { job: RetainedJob }) {
  const queryClient = useQueryClient();
  const onSuccess = () => refreshAllRetained(queryClient);
  const stop = useMutation({ ...stopJob, onSuccess, onError: (error) => notifyError(texts.notStopped, error) });
  const undo = useMutation({ ...undoJob, onSuccess, onError: (error) => notifyError(texts.notUndone, error) });
  const path = { id: job.id };
  if (job.state !== 'running') {
    return (
      <div className={classes.job}>
        <Text size="sm">{outcomeOf(job)}</Text>
        {job.undoUntil !== null && (
          <PermittedButton
            permission="messages:write"
            size="compact-sm"
            variant="default"
            loading={undo.isPending}
            onClick={() => undo.mutate({ path })}
          >
            {texts.undo}
          </PermittedButton>
        )}
      </div>
    );
  }
  const seen = job.done + job.skipped;
  return (
    <div className={classes.job}>
      <Text size="sm">
        {texts.running(texts.kinds[job.kind], job.filter)} {texts.by(job.startedBy)}
      </Text>
      <Progress className={classes.bar} value={(100 * seen) / Math.max(1, job.total)} aria-label={texts.label} />
      <Text size="sm" className="perch-number">
        {texts.progress(formatCount(seen), formatCount(job.total))}
      </Text>
      <PermittedButton
        permission="messages:write"
        size="compact-sm"
        variant="default"
        loading={stop.isPending}
        onClick={() => stop.mutate({ path })}
      >
        {texts.stop}
      </PermittedButton>
    </div>
  );
}

/** What it did, and what it left. */
function outcomeOf(job: RetainedJob): string {
  const { kind, state, filter, problem, isTooLargeToUndo, startedBy } = job;
  const { message, messages } = retainedTexts.many;
  const done = texts.done(texts.ended[kind], formatCounted(job.done, message, messages), filter);
  return [
    `${done} ${texts.by(startedBy)}`,
    ...(job.skipped > 0 ? [texts.skipped(formatCount(job.skipped))] : []),
    ...(state === 'stopped' ? [texts.stopped] : []),
    ...(state === 'failed' ? [`${texts.failed}: ${problem ?? ''}`] : []),
    ...(isTooLargeToUndo ? [texts.tooLarge] : []),
  ].join('; ');
}
