import { Button, Group, Menu, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useSession } from '../../shared/session/session.js';
import { noFilters } from './client-filters.js';
import { clientsSearch } from './search.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import { SavedViewStore } from './saved-view-store.js';

const texts = clientsTexts.views;

/** Filters and order under a name, kept in this browser for each operator. */
export function SavedViews() {
  const operator = useSession()?.name ?? '';
  const [store] = useState(() => new SavedViewStore(operator));
  const [views, setViews] = useState(() => store.read());
  const [search, change] = useClientsSearch();
  const kept = { ...search, c: undefined, tab: undefined };
  const keep = (name: string) =>
    setViews(store.write([...views.filter((view) => view.name !== name), { name, search: kept }]));
  const forget = (name: string) => setViews(store.write(views.filter((view) => view.name !== name)));
  return (
    <Group gap={4} wrap="nowrap">
      {views.length > 0 && (
        <Menu position="bottom-start" closeOnItemClick={false}>
          <Menu.Target>
            <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>
              {texts.button}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {views.map((view) => (
              <Group key={view.name} gap={4} wrap="nowrap">
                <Menu.Item
                  closeMenuOnClick
                  // Read as an address is: a view of an earlier version may hold what is no filter any more.
                  onClick={() => change({ ...noFilters, sort: undefined, ...clientsSearch(view.search) }, true)}
                >
                  {view.name}
                </Menu.Item>
                <Menu.Item w={36} flex="none" aria-label={texts.forget(view.name)} onClick={() => forget(view.name)}>
                  <IconX size={14} aria-hidden />
                </Menu.Item>
              </Group>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <SaveView onSave={keep} />
    </Group>
  );
}

function SaveView({ onSave }: { onSave: (name: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onSave(name.trim());
    setName('');
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus returnFocus position="bottom-start">
      <Popover.Target>
        <Button variant="subtle" onClick={() => setOpen(!isOpen)}>
          {texts.save}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.save}>
        <form onSubmit={submit}>
          <Group gap="xs" align="end" wrap="nowrap">
            <TextInput
              label={texts.name}
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" disabled={name.trim() === ''}>
              {texts.keep}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
