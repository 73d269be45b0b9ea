import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type Dispatch, useState } from 'react';
import type { PolicyDoc } from '../../shared/api/generated/types.gen.js';
import { DiffList } from './diff-list.js';
import type { Draft, DraftAction } from './draft.js';
import { rulesTexts } from './texts.js';

const texts = rulesTexts.conflict;

interface ConflictBannerProps {
  readonly draft: Draft;
  readonly live: PolicyDoc;
  readonly dispatch: Dispatch<DraftAction>;
}

/** Somebody else saved while this draft has changes: what changed, and the two ways on. */
export function ConflictBanner({ draft, live, dispatch }: ConflictBannerProps) {
  const [isShown, setShown] = useState(false);
  return (
    <Alert
      color="warning"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={texts.title(live.revision, live.author)}
      role="alert"
    >
      <Text size="sm">{texts.text}</Text>
      {isShown && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {texts.theirs(live.author)}
          </Text>
          <DiffList before={draft.saved} after={live} />
          <Text size="sm" fw={600} mt="sm">
            {texts.mine}
          </Text>
          <DiffList before={live} after={draft.content} />
        </>
      )}
      <Group gap="xs" mt="sm">
        <Button variant="default" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? texts.hide : texts.show}
        </Button>
        <Button variant="default" onClick={() => dispatch({ type: 'rebase', saved: live, keep: true })}>
          {texts.keep}
        </Button>
        <Button variant="outline" color="danger" onClick={() => dispatch({ type: 'rebase', saved: live, keep: false })}>
          {texts.reload}
        </Button>
      </Group>
    </Alert>
  );
}
