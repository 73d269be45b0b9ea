import { ActionIcon, Menu, Modal } from '@mantine/core';
import type { Rule } from '@perch/policy';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { HistoryItem } from '../../shared/ui/history-item.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { PositionForm } from './position-form.js';
import { rulesTexts } from './texts.js';
import type { RuleActions } from './use-rule-editing.js';

interface RuleMenuProps {
  readonly rule: Rule;
  readonly index: number;
  readonly total: number;
  readonly isTabStop: boolean;
  readonly actions: RuleActions;
}

/** Everything that can be done to a rule, without dragging. */
export function RuleMenu({ rule: { id, mode }, index, total, isTabStop, actions }: RuleMenuProps) {
  const [isPlacing, setPlacing] = useState(false);
  const { Item, Divider } = Menu;
  const isShadow = mode === 'shadow';
  const isFirst = index === 0;
  const isLast = index === total - 1;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            tabIndex={isTabStop ? 0 : -1}
            aria-label={rulesTexts.menuOf(index + 1)}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Item onClick={() => actions.edit(id)}>{rulesTexts.edit}</Item>
          <Item onClick={() => actions.duplicate(id)}>{rulesTexts.duplicate}</Item>
          <Item onClick={() => actions.setMode(id, isShadow ? 'enforce' : 'shadow')}>
            {isShadow ? rulesTexts.toEnforce : rulesTexts.toShadow}
          </Item>
          <Item onClick={() => actions.add(index)}>{rulesTexts.addAbove}</Item>
          <Item onClick={() => actions.add(index + 1)}>{rulesTexts.addBelow}</Item>
          <Divider />
          <Item disabled={isFirst} onClick={() => actions.move(id, index - 1)}>
            {rulesTexts.moveUp}
          </Item>
          <Item disabled={isLast} onClick={() => actions.move(id, index + 1)}>
            {rulesTexts.moveDown}
          </Item>
          <Item disabled={isFirst} onClick={() => actions.move(id, 0)}>
            {rulesTexts.moveTop}
          </Item>
          <Item disabled={isLast} onClick={() => actions.move(id, total - 1)}>
            {rulesTexts.moveBottom}
          </Item>
          <Item disabled={total < 2} onClick={() => setPlacing(true)}>
            {rulesTexts.movePosition}
          </Item>
          <Divider />
          <Item onClick={() => actions.blame(id)}>{rulesTexts.blame}</Item>
          <HistoryItem rule={id} />
          <Item color="danger" onClick={() => actions.remove(id)}>
            {rulesTexts.delete}
          </Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isPlacing}
        onClose={() => setPlacing(false)}
        title={rulesTexts.positionTitle(index + 1)}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
        size="sm"
      >
        <PositionForm
          index={index}
          total={total}
          onMove={(to) => {
            setPlacing(false);
            actions.move(id, to);
          }}
        />
      </Modal>
    </>
  );
}
