import { Alert, Button, Group, Text } from '@mantine/core';
import { mergePolicies, type PolicyVersion } from '@perch/policy';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type Dispatch, useMemo, useState } from 'react';
import { notifyDone } from '../../../shared/ui/notify.js';
import { DiffList } from '../review/diff-list.js';
import type { Draft, DraftAction, PolicyContent } from '../draft.js';
import type { PolicyRevision } from '../queries.js';
import { MergeDialog } from './merge-dialog.js';
import { mergeTexts as texts } from './texts.js';

interface ConflictBannerProps {
  readonly draft: Draft;
  readonly live: PolicyRevision;
  readonly dispatch: Dispatch<DraftAction>;
}

/** Somebody else saved while this draft has changes: what changed, and the way to have both. */
export function ConflictBanner({ draft, live, dispatch }: ConflictBannerProps) {
  const [isShown, setShown] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const merge = useMemo(() => mergePolicies(draft.saved, draft.content, live), [draft.saved, draft.content, live]);
  const count = merge.conflicts.length;
  const take = (merged: PolicyVersion) => {
    setChoosing(false);
    dispatch({ type: 'rebase', saved: live, content: asContent(merged) });
    notifyDone(texts.merged(live.revision));
  };
  return (
    <Alert
      color="warning"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={texts.title(live.revision, live.author)}
      role="alert"
    >
      <Text size="sm">
        {texts.text} {count === 0 ? texts.clean : texts.conflicts(count)}
      </Text>
      {isShown && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {texts.theirs(live.author)}
          </Text>
          <DiffList before={draft.saved} after={live} />
          <Text size="sm" fw={600} mt="sm">
            {texts.mine}
          </Text>
          <DiffList before={live} after={asContent(merge.policy)} />
        </>
      )}
      <Group gap="xs" mt="sm">
        <Button onClick={() => (count === 0 ? take(merge.policy) : setChoosing(true))}>
          {count === 0 ? texts.merge : texts.choose}
        </Button>
        <Button variant="default" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? texts.hide : texts.show}
        </Button>
        <Button
          variant="outline"
          color="danger"
          onClick={() => dispatch({ type: 'rebase', saved: live, content: null })}
        >
          {texts.reload}
        </Button>
      </Group>
      <MergeDialog opened={isChoosing} merge={merge} onClose={() => setChoosing(false)} onDone={take} />
    </Alert>
  );
}

function asContent({ rules, settings, tests = [] }: PolicyVersion): PolicyContent {
  return { rules, settings, tests };
}
