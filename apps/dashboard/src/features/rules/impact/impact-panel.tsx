import { Alert, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { EmptyState, ErrorState } from '../../../shared/ui/states.js';
import type { Draft } from '../draft.js';
import { ImpactCards } from './impact-cards.js';
import { ImpactClients } from './impact-clients.js';
import { ImpactRules } from './impact-rules.js';
import { impactTexts as texts } from './texts.js';
import type { ImpactPreview } from './use-impact.js';

interface ImpactPanelProps {
  readonly preview: ImpactPreview;
  readonly draft: Draft;
  readonly isDirty: boolean;
  readonly isBroken: boolean;
  readonly onShow: (ruleId: string) => void;
}

type View = keyof typeof texts.views;

/** What the draft would take from clients that have a session, and give them, before it is saved. */
export function ImpactPanel({ preview, draft, isDirty, isBroken, onShow }: ImpactPanelProps) {
  const [view, setView] = useState<View>('losing');
  const { impact } = preview;
  if (!isDirty) return <EmptyState title={texts.none}>{texts.noneText}</EmptyState>;
  if (isBroken) return <Alert color="warning">{texts.broken}</Alert>;
  return (
    <Stack gap="sm">
      <ImpactProgress preview={preview} />
      {preview.error && <ErrorState error={preview.error} onRetry={preview.retry} />}
      {impact && (
        <>
          <ImpactCards impact={impact} />
          <SegmentedControl
            fullWidth
            aria-label={texts.list}
            value={view}
            data={(['losing', 'gaining', 'rules'] as const).map((value) => ({ value, label: texts.views[value] }))}
            onChange={setView}
          />
          {view === 'rules' ? (
            <ImpactRules rules={impact.rules} draft={draft} onShow={onShow} />
          ) : (
            <ImpactClients clients={impact[view]} total={impact.clients[view]} view={view} draft={draft} />
          )}
        </>
      )}
    </Stack>
  );
}

/** How far the preview is; nothing once it is done. */
export function ImpactProgress({ preview: { isCurrent, progress, error, impact } }: { preview: ImpactPreview }) {
  if (isCurrent || error) return null;
  const { done = 0, total = 0 } = progress ?? {};
  return (
    <div role="status">
      <Text size="sm">{texts.working(done, total)}</Text>
      <Progress value={total === 0 ? 0 : (100 * done) / total} aria-label={texts.working(done, total)} mt={4} />
      {impact && (
        <Text size="xs" c="dimmed">
          {texts.stale}
        </Text>
      )}
    </div>
  );
}
