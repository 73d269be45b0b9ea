import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { LinkButton } from '../../shared/ui/links.js';
import { type AccessChoice, saveAccessChoice } from './access-choice.js';
import { setupTexts } from './texts.js';

const texts = setupTexts.access;
const choices: readonly AccessChoice[] = ['closed', 'import', 'trial'];

/** Who may do what to begin with: nobody but the own topics, an ACL that exists, or everything for a trial. */
export function AccessStep({ onDone }: { onDone: () => void }) {
  const [choice, setChoice] = useState<AccessChoice>('closed');
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: saveAccessChoice,
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(choice);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group label={texts.label} value={choice} onChange={setChoice}>
          <Stack gap="sm" mt="xs">
            {choices.map((value) => (
              <Radio key={value} value={value} label={texts[value].name} description={texts[value].text} />
            ))}
          </Stack>
        </Radio.Group>
        <FormProblem error={save.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {setupTexts.skip}
          </Button>
          {choice === 'import' ? (
            <LinkButton to="/access/rules">{texts.toImport}</LinkButton>
          ) : (
            <Button type="submit" loading={save.isPending}>
              {setupTexts.next}
            </Button>
          )}
        </Group>
        {choice === 'import' && (
          <Text size="sm" c="dimmed">
            {texts.importHint}
          </Text>
        )}
      </Stack>
    </form>
  );
}
