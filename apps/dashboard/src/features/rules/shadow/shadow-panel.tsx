import { Divider, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Dispatch } from 'react';
import { TableSkeleton } from '../../../shared/ui/data-table.js';
import { ErrorState } from '../../../shared/ui/states.js';
import type { Draft, DraftAction } from '../draft.js';
import { shadowState } from '../queries.js';
import { ShadowFindings } from './shadow-findings.js';
import { ShadowRunning } from './shadow-running.js';
import { ShadowStart } from './shadow-start.js';
import { shadowTexts as texts } from './texts.js';

interface ShadowPanelProps {
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
  readonly isEditable: boolean;
  readonly isDirty: boolean;
  readonly isBroken: boolean;
  readonly onShow: (ruleId: string) => void;
}

/** A draft judged beside the live rules: begun, watched, ended, or made the draft again. */
export function ShadowPanel({ draft, dispatch, isEditable, isDirty, isBroken, onShow }: ShadowPanelProps) {
  const { data, error, refetch } = useQuery(shadowState());
  if (!data && error) {
    return <ErrorState error={error} onRetry={() => refetch()} />;
  }
  if (!data) return <TableSkeleton rows={4} columns={1} />;
  const shadow = data.draft;
  const start = (
    <ShadowStart content={draft.content} isRunning={shadow !== null} {...{ isDirty, isBroken, isEditable }} />
  );
  return (
    <Stack gap="md">
      {shadow ? (
        <ShadowRunning {...{ shadow, draft, dispatch }} />
      ) : (
        <>
          <Text fw={600}>{data.rules.length === 0 ? texts.none : texts.rulesOnly(data.rules.length)}</Text>
          {start}
        </>
      )}
      {(shadow !== null || data.rules.length > 0) && (
        <ShadowFindings rules={shadow?.rules ?? draft.saved.rules} shown={draft.content.rules} onShow={onShow} />
      )}
      {shadow && isEditable && isDirty && (
        <>
          <Divider />
          {start}
        </>
      )}
    </Stack>
  );
}
