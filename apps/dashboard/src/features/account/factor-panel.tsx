import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useSession } from '../../shared/session/session.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { Panel } from '../../shared/ui/panel.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { FactorSetup } from './factor-setup.js';
import { CurrentPassword } from './password-panel.js';
import { useRemoveFactor } from './queries.js';
import { accountTexts } from './texts.js';

/** Whether logging in needs a code besides the password, and how to change that. */
export function FactorPanel() {
  const isOn = useSession()?.secondFactor ?? false;
  const [dialog, setDialog] = useState<'set-up' | 'remove' | null>(null);
  const close = () => setDialog(null);
  return (
    <Panel title={accountTexts.factor}>
      <Stack gap="xs" align="start">
        <StatusMark kind={isOn ? 'allow' : 'warning'}>
          {isOn ? accountTexts.factorOn : accountTexts.factorOff}
        </StatusMark>
        <Text size="sm" c="dimmed">
          {accountTexts.factorExplain}
        </Text>
        <Button variant="default" onClick={() => setDialog(isOn ? 'remove' : 'set-up')}>
          {isOn ? accountTexts.factorRemove : accountTexts.factorSetUp}
        </Button>
      </Stack>
      <Modal
        opened={dialog !== null}
        onClose={close}
        title={dialog === 'remove' ? accountTexts.factorRemoveTitle : accountTexts.factorTitle}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
        // Recovery codes that are clicked away are gone.
        closeOnClickOutside={dialog === 'remove'}
      >
        {dialog === 'remove' ? <RemoveFactor onClose={close} /> : <FactorSetup onClose={close} />}
      </Modal>
    </Panel>
  );
}

function RemoveFactor({ onClose }: { onClose: () => void }) {
  const remove = useRemoveFactor();
  const [current, setCurrent] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(accountTexts.factorRemoved);
      onClose();
    };
    remove.mutate({ body: { current } }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="md">{accountTexts.factorRemoveText}</Text>
        <CurrentPassword value={current} onChange={setCurrent} error={remove.error} />
        <FormProblem error={remove.error} shownFields={['current']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" color="danger" loading={remove.isPending} disabled={current === ''}>
            {accountTexts.factorRemoveSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
