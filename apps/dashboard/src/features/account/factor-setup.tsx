import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { downloadText } from '../../shared/download.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { QrCode } from '../../shared/ui/qr-code.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { AfterDelay, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useConfirmFactor, useProposeFactor } from './queries.js';
import { accountTexts } from './texts.js';

/** Scan, type a first code, put the recovery codes away. Nothing is on before the code was right. */
export function FactorSetup({ onClose }: { onClose: () => void }) {
  const { mutate, data: proposed, error } = useProposeFactor();
  const confirm = useConfirmFactor();
  useEffect(() => mutate({}), [mutate]);
  if (confirm.data) return <Recovery codes={confirm.data.codes} onClose={onClose} />;
  if (error) return <ErrorState error={error} onRetry={() => mutate({})} />;
  if (!proposed) {
    return (
      <AfterDelay>
        <Text role="status">{uiTexts.loading}</Text>
      </AfterDelay>
    );
  }
  return (
    <Stack>
      <Text size="sm">{accountTexts.scan}</Text>
      <Stack align="center" gap="xs">
        <QrCode text={proposed.uri} label={accountTexts.qr} />
        <Group gap={4} wrap="nowrap">
          <Text size="xs" className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
            {proposed.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
          </Text>
          <CopyButton value={proposed.secret} label={accountTexts.secret} />
        </Group>
      </Stack>
      <CodeForm confirm={confirm} />
    </Stack>
  );
}

function CodeForm({ confirm }: { confirm: ReturnType<typeof useConfirmFactor> }) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate({ body: { code: code.replaceAll(/\s/g, '') } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={accountTexts.firstCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          data-autofocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(confirm.error, 'code')}
        />
        <FormProblem error={confirm.error} shownFields={['code']} />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending} disabled={code.trim().length < 6}>
            {accountTexts.factorConfirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Recovery({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const text = codes.join('\n');
  return (
    <Stack>
      <SecretOnce
        title={accountTexts.recovery}
        hint={accountTexts.recoveryHint}
        secrets={[{ label: accountTexts.recoveryLabel, value: text }]}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => downloadText('perch-recovery-codes.txt', `${text}\n`, 'text/plain')}>
          {accountTexts.recoveryDownload}
        </Button>
        <Button onClick={onClose}>{accountTexts.recoveryDone}</Button>
      </Group>
    </Stack>
  );
}
