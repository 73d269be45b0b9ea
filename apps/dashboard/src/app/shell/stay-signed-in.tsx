import { Button, Group, Modal, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { noteTouched } from '../../shared/api/presence-of-operator.js';
import type { Me } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { sessionQuery } from '../../shared/session/session.js';
import { formatDuration } from '../../shared/ui/format.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useLocalNow } from '../../shared/ui/use-now.js';
import { shellTexts } from './texts.js';
import { useSignOut } from './use-sign-out.js';

const WARN_MS = 120_000;
/** While the warning stands: somebody may be there in another tab. */
const ASK_EVERY_MS = 10_000;

/** Warns two minutes before a sign-in ends because nobody is there. The server says when that is, and other tabs count. */
export function StaySignedIn() {
  const { data, dataUpdatedAt, refetch } = useQuery({
    ...sessionQuery(),
    refetchInterval: ({ state }) => askAgainIn(state.data),
    refetchIntervalInBackground: true,
  });
  if (data?.secondsLeft == null || data.secondsLeft * 1000 > WARN_MS) return null;
  const stay = () => {
    noteTouched();
    refetch().catch(reportError);
  };
  return <Warning endsAt={dataUpdatedAt + data.secondsLeft * 1000} mayStay={data.mayStay} onStay={stay} />;
}

interface WarningProps {
  /** In ms since the epoch, by the clock of this browser. */
  readonly endsAt: number;
  readonly mayStay: boolean;
  readonly onStay: () => void;
}

function Warning({ endsAt, mayStay, onStay }: WarningProps) {
  const signOut = useSignOut();
  const leftMs = Math.max(0, endsAt - useLocalNow());
  return (
    <Modal
      opened
      onClose={onStay}
      title={shellTexts.stay.title}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
      closeOnClickOutside={false}
    >
      <Text role="timer" mb="md">
        {mayStay ? shellTexts.stay.text(formatDuration(leftMs)) : shellTexts.stay.over(formatDuration(leftMs))}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={signOut}>
          {shellTexts.signOut}
        </Button>
        {mayStay && (
          <Button onClick={onStay} data-autofocus>
            {shellTexts.stay.action}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

function askAgainIn(me: Me | undefined): number | false {
  if (me?.secondsLeft == null) return false;
  return Math.max(ASK_EVERY_MS, me.secondsLeft * 1000 - WARN_MS + 1_000);
}
