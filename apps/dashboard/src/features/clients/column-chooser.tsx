import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3, IconMinus, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type ColumnKey, type ColumnLayout, columnWidths, moved, resized, toggled, widthOf } from './column-layout.js';
import { clientsTexts } from './texts.js';
import type { ChangeColumns } from './use-column-layout.js';
import classes from './presence-table.module.css';

const texts = clientsTexts.chooser;

/** Which columns there are, in which order and how wide: all that dragging does, with buttons. */
export function ColumnChooser({ layout, onChange }: { layout: ColumnLayout; onChange: ChangeColumns }) {
  return (
    <Popover trapFocus returnFocus position="bottom-end" width={340}>
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-haspopup="dialog"
          leftSection={<IconColumns3 size={16} aria-hidden />}
        >
          {texts.button}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.button}>
        <Stack gap={2} component="ol" className={classes.chooser}>
          {layout.order.map((key, index) => (
            <ColumnChoice key={key} column={key} index={index} layout={layout} onChange={onChange} />
          ))}
        </Stack>
        <Group justify="space-between" mt="xs">
          <Text size="xs" c="dimmed">
            {texts.room}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => onChange(null)}>
            {texts.reset}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}

interface ColumnChoiceProps {
  readonly column: ColumnKey;
  readonly index: number;
  readonly layout: ColumnLayout;
  readonly onChange: ChangeColumns;
}

function ColumnChoice({ column, index, layout, onChange }: ColumnChoiceProps) {
  const name = clientsTexts.columns[column];
  const width = widthOf(layout, column);
  const widen = (by: number) => onChange((now) => resized(now, column, widthOf(now, column) + by));
  return (
    <Group component="li" gap={2} wrap="nowrap" justify="space-between">
      <Checkbox
        size="xs"
        label={name}
        checked={!layout.hidden.includes(column)}
        disabled={column === 'clientId'}
        onChange={() => onChange((now) => toggled(now, column))}
      />
      <Group gap={2} wrap="nowrap">
        <Tool label={texts.up(name)} isOff={index === 0} onClick={() => onChange((now) => moved(now, column, -1))}>
          <IconArrowUp size={14} aria-hidden />
        </Tool>
        <Tool
          label={texts.down(name)}
          isOff={index === layout.order.length - 1}
          onClick={() => onChange((now) => moved(now, column, 1))}
        >
          <IconArrowDown size={14} aria-hidden />
        </Tool>
        <Tool
          label={texts.narrower(name)}
          isOff={width <= columnWidths.least}
          onClick={() => widen(-columnWidths.step)}
        >
          <IconMinus size={14} aria-hidden />
        </Tool>
        <Tool label={texts.wider(name)} isOff={width >= columnWidths.most} onClick={() => widen(columnWidths.step)}>
          <IconPlus size={14} aria-hidden />
        </Tool>
      </Group>
    </Group>
  );
}

/** Stays focusable at its end, so that the keyboard does not lose its place. */
function Tool(props: { label: string; isOff: boolean; onClick: () => void; children: ReactNode }) {
  const { label, isOff, onClick, children } = props;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={() => {
        if (!isOff) onClick();
      }}
    >
      {children}
    </ActionIcon>
  );
}
