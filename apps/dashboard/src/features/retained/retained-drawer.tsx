import { Drawer } from '@mantine/core';
import { usePermission } from '../../shared/session/session.js';
import { literal } from '../../shared/ui/literal.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { HiddenPayload, MessageDetails } from './message-details.js';
import { retainedTexts } from './texts.js';
import { useRetainedSearch } from './use-retained-search.js';

const texts = retainedTexts.drawer;

/** One retained message beside the list. */
export function RetainedDrawer() {
  const [{ topic, view }, change] = useRetainedSearch();
  const close = () => change({ topic: undefined, view: undefined }, true);
  const mayRead = usePermission('messages:read');
  return (
    <Drawer.Root opened={topic !== undefined} onClose={close} position="right" size={640}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={topic === undefined ? undefined : texts.label(topic)}>
        <Drawer.Header>
          <Drawer.Title className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
            {literal(topic)}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={uiTexts.close} data-autofocus />
        </Drawer.Header>
        <Drawer.Body>
          {topic !== undefined && mayRead && (
            <MessageDetails
              key={topic}
              topic={topic}
              onGone={close}
              view={view}
              onView={(next) => change({ view: next })}
            />
          )}
          {topic !== undefined && !mayRead && <HiddenPayload />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
