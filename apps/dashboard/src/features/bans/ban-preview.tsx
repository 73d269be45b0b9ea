import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../shared/api/api-error.js';
import type { Ban, BanPreview } from '../../shared/api/generated/types.gen.js';
import { Literal } from '../../shared/ui/literal.js';
import { formatCount, formatExact } from '../../shared/ui/format.js';
import { type BanDraft, targetOf } from './ban-draft.js';
import { banPreview } from './queries.js';
import { bansTexts } from './texts.js';

const pauseMs = 300;

/** Whom the draft would meet. */
export interface Preview {
  /** Of exactly this draft; null while that is not known. */
  readonly met: BanPreview | null;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** Asks, after each pause in typing, whom the draft would meet; again and again while it stands there. */
export function useBanPreview(draft: BanDraft): Preview {
  const { kind, value } = targetOf(draft);
  const [settled] = useDebouncedValue(`${kind} ${value}`, pauseMs);
  const isSettled = settled === `${kind} ${value}`;
  const query = useQuery({ ...banPreview({ kind, value }), enabled: isSettled && value !== '' });
  const isAsked = isSettled && value !== '';
  return {
    met: isAsked ? (query.data ?? null) : null,
    isPending: value !== '' && (!isSettled || query.isPending),
    error: isAsked ? query.error : null,
  };
}

/** Says whom the ban would meet, or why it cannot be set. */
export function PreviewNote({ preview, onChange }: { preview: Preview; onChange: (ban: Ban) => void }) {
  const { met, error, isPending } = preview;
  return (
    <div aria-live="polite">
      {isPending && (
        <Text size="sm" c="dimmed">
          {bansTexts.matching}
        </Text>
      )}
      {met?.isOwnAddress && (
        <Alert color="danger" variant="light">
          {bansTexts.own}
        </Alert>
      )}
      {met?.bannedBy && <Twin ban={met.bannedBy} onChange={onChange} />}
      {met && !met.isOwnAddress && !met.bannedBy && <Met met={met} />}
      {error && !isAboutValue(error) && (
        <Text size="sm" c="danger">
          {bansTexts.previewFailed}: {error.message}
        </Text>
      )}
    </div>
  );
}

/** Such an error stands at the field. */
function isAboutValue(error: Error): boolean {
  return error instanceof ApiError && error.fields.value !== undefined;
}

function Twin({ ban, onChange }: { ban: Ban; onChange: (ban: Ban) => void }) {
  const until = ban.until === null ? bansTexts.forEver : bansTexts.until(formatExact(ban.until));
  return (
    <Alert color="warning" variant="light" title={bansTexts.twin(ban, until)}>
      <Stack gap="xs" align="start">
        {ban.reason}
        <Button variant="default" size="xs" onClick={() => onChange(ban)}>
          {bansTexts.twinChange}
        </Button>
      </Stack>
    </Alert>
  );
}

function Met({ met: { online, known, sample } }: { met: BanPreview }) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} c={online > 0 ? 'warning' : undefined}>
        {bansTexts.matches(online)}
      </Text>
      {known > 0 && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {bansTexts.known(formatCount(known))}. {bansTexts.sample}:{' '}
          <Literal>{sample.map(({ clientId }) => clientId).join(', ')}</Literal>
        </Text>
      )}
    </Stack>
  );
}
