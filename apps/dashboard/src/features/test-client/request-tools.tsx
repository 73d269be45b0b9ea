import { ActionIcon, Button, Group, Menu, Modal, Text } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { ConnectSnippets } from '../../shared/connect/connect-snippets.js';
import { literal } from '../../shared/ui/literal.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { newPublishForm, type PublishForm } from './publish-form.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.publish;
const MOST_SAVED = 30;
const MOST_CHARACTERS = 64 * 1024;

interface RequestToolsProps {
  readonly form: PublishForm;
  readonly onUse: (form: PublishForm) => void;
}

/** Requests kept in this browser, and the request as a program. */
export function RequestTools({ form, onUse }: RequestToolsProps) {
  const [isCodeShown, code] = useDisclosure(false);
  return (
    <Group gap="xs" justify="flex-end">
      <SavedRequests form={form} onUse={onUse} />
      <Button variant="default" size="compact-sm" onClick={code.open}>
        {texts.snippet}
      </Button>
      <Modal
        opened={isCodeShown}
        onClose={code.close}
        size="xl"
        title={texts.snippetTitle}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
      >
        {(form.format === 'hex' || form.format === 'base64') && (
          <Text size="sm" c="warning" mb="sm">
            {texts.snippetBinary}
          </Text>
        )}
        <ConnectSnippets message={{ ...form, topic: form.topic === '' ? 'hello/world' : form.topic }} />
      </Modal>
    </Group>
  );
}

function SavedRequests({ form, onUse }: RequestToolsProps) {
  const [saved, setSaved] = useLocalStorage<readonly PublishForm[]>({
    key: 'perch-test-requests',
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const isFull = saved.length >= MOST_SAVED && saved.every(({ topic }) => topic !== form.topic);
  const isLong = form.payload.length > MOST_CHARACTERS;
  const save = () => {
    setSaved([...saved.filter(({ topic }) => topic !== form.topic), form]);
    notifyDone(texts.savedDone(form.topic));
  };
  return (
    <Menu position="bottom-end" width={320} closeOnItemClick>
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconBookmark size={14} aria-hidden />}>
          {texts.saved}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={form.topic === '' || isFull || isLong} onClick={save}>
          {texts.save}
        </Menu.Item>
        {(isFull || isLong) && <Menu.Label>{isFull ? texts.savedFull(MOST_SAVED) : texts.tooLong}</Menu.Label>}
        <Menu.Divider />
        {saved.length === 0 && <Menu.Label>{texts.savedEmpty}</Menu.Label>}
        {saved.map((request) => (
          <Group key={request.topic} gap={4} wrap="nowrap">
            <Menu.Item
              className="perch-mono"
              // What an older version saved may lack a field.
              onClick={() => onUse({ ...newPublishForm, ...request })}
              aria-label={texts.use(request.topic)}
            >
              {literal(request.topic)}
            </Menu.Item>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={texts.forget(request.topic)}
              onClick={() => setSaved(saved.filter(({ topic }) => topic !== request.topic))}
            >
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
