import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { formatCount } from '../../shared/ui/format.js';
import { Panel } from '../../shared/ui/panel.js';
import { EmptyState } from '../../shared/ui/states.js';
import { VirtualTable } from '../../shared/ui/virtual-table.js';
import { MessageDetails } from './message-details.js';
import { messageCellsOf, messageColumns, PacketCells, packetColumns } from './log-cells.js';
import type { RingLog } from './ring-log.js';
import type { TestConnection } from './test-connection.js';
import { testClientTexts } from './texts.js';
import classes from './test-client.module.css';

const texts = testClientTexts.log;

interface LogPanelProps {
  readonly connection: TestConnection;
  readonly shown: 'messages' | 'packets';
  readonly onShow: (shown: 'messages' | 'packets') => void;
}

/** What went over a connection: its messages, or every packet. */
export function LogPanel({ connection, shown, onShow }: LogPanelProps) {
  return (
    <Panel
      flush
      title={texts[shown]}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={testClientTexts.title}
          value={shown}
          data={(['messages', 'packets'] as const).map((value) => ({ value, label: texts[value] }))}
          onChange={onShow}
        />
      }
    >
      {shown === 'messages' ? <Messages connection={connection} /> : <Packets connection={connection} />}
    </Panel>
  );
}

function Messages({ connection }: { connection: TestConnection }) {
  const { rows, bar, onEngaged } = useHeldLog(connection.messages);
  const { subscriptions, clientId, username } = useSyncExternalStore(connection.watch, connection.state);
  const [openSeq, setOpenSeq] = useState<number | null>(null);
  const [Cells] = useState(() => messageCellsOf(connection));
  const open = rows.find(({ seq }) => seq === openSeq);
  if (rows.length === 0) return <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>;
  const colour = subscriptions.find(({ filter }) => filter === open?.filter)?.colour;
  return (
    <>
      {bar}
      <VirtualTable
        label={texts.messages}
        className={classes.messages}
        columns={messageColumns}
        rows={rows}
        rowKey={({ seq }) => String(seq)}
        Cells={Cells}
        openKey={openSeq === null ? null : String(openSeq)}
        onOpen={({ seq }) => setOpenSeq(seq === openSeq ? null : seq)}
        onEngaged={onEngaged}
      />
      {open && (
        <MessageDetails
          key={open.seq}
          message={open}
          colour={colour}
          who={clientId === null ? null : { clientId, username }}
          onClose={() => setOpenSeq(null)}
        />
      )}
    </>
  );
}

function Packets({ connection }: { connection: TestConnection }) {
  const { rows, bar, onEngaged } = useHeldLog(connection.packets);
  if (rows.length === 0) return <EmptyState title={texts.emptyTitle}>{texts.emptyPackets}</EmptyState>;
  return (
    <>
      {bar}
      <VirtualTable
        label={texts.packets}
        className={classes.packets}
        columns={packetColumns}
        rows={rows}
        rowKey={({ seq }) => String(seq)}
        Cells={PacketCells}
        onOpen={() => undefined}
        onEngaged={onEngaged}
      />
    </>
  );
}

/** The rows of a log, which stand still while somebody looks at them or has paused it, and the bar that says so. */
function useHeldLog<Entry extends { readonly seq: number }>(log: RingLog<Entry>) {
  const live = useSyncExternalStore(log.watch, log.snapshot);
  const [isPaused, setPaused] = useState(false);
  const [held, setHeld] = useState<readonly Entry[] | null>(null);
  const hold = (isHeld: boolean) => setHeld(isHeld ? log.snapshot() : null);
  const clear = () => {
    log.clear();
    setPaused(false);
    hold(false);
  };
  const rows = held !== null && live.length > 0 ? mended(held, live) : live;
  const newer = rows === live ? 0 : live.findIndex(({ seq }) => seq === rows[0]?.seq);
  const count = formatCount(newer < 0 ? live.length : newer);
  const bar: ReactNode = (
    <Group justify="space-between" className={classes.bar}>
      <Text size="xs" c="dimmed" role="status">
        {newer !== 0
          ? (isPaused ? texts.paused : texts.isHeld)(count)
          : log.dropped > 0 && texts.dropped(formatCount(log.dropped))}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => {
            setPaused(!isPaused);
            hold(!isPaused);
          }}
        >
          {isPaused ? texts.resume : texts.pause}
        </Button>
        <Button variant="default" size="compact-xs" onClick={clear}>
          {texts.clear}
        </Button>
      </Group>
    </Group>
  );
  return { rows, bar, onEngaged: (isEngaged: boolean) => !isPaused && hold(isEngaged) };
}

/** The held rows with what is known of them by now: an answer came in. */
function mended<Entry extends { readonly seq: number }>(
  held: readonly Entry[],
  live: readonly Entry[],
): readonly Entry[] {
  if (held[0] === live[0] && held.length === live.length) return live;
  const bySeq = new Map(live.map((entry) => [entry.seq, entry]));
  return held.map((entry) => bySeq.get(entry.seq) ?? entry);
}
