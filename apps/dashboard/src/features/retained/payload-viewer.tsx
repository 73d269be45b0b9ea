import { Button, Tabs, Text } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatBytes } from '../../shared/ui/format.js';
import { HexDump } from './hex-dump.js';
import { JsonTree } from './json-tree.js';
import { bestView, bytesOfBase64, jsonOf, lossyTextOf, type PayloadView, utf8Of } from './payload.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const texts = retainedTexts.drawer;

/** So much of a payload is painted before somebody asks for all of it. */
const SHOWN_CHARACTERS = 256 * 1024;

interface PayloadViewerProps {
  readonly payload: string;
  /** How it is looked at, where that is kept elsewhere. */
  readonly view?: PayloadView | undefined;
  readonly onView?: ((view: PayloadView) => void) | undefined;
}

/** A payload as JSON, text, hex or base64; opens with what tells most. */
export function PayloadViewer({ payload, view, onView }: PayloadViewerProps) {
  const [chosen, setChosen] = useState<PayloadView>();
  const bytes = useMemo(() => bytesOfBase64(payload), [payload]);
  const text = useMemo(() => utf8Of(bytes), [bytes]);
  const json = useMemo(() => jsonOf(text), [text]);
  const shown = view ?? chosen ?? bestView(bytes);
  if (bytes.length === 0) return <Text c="dimmed">{texts.empty}</Text>;
  const panels: Readonly<Record<PayloadView, () => ReactNode>> = {
    json: () => (json === undefined ? <Text c="dimmed">{texts.notJson}</Text> : <JsonTree value={json} />),
    text: () => (
      <>
        {text === null && <Text c="warning">{texts.notText}</Text>}
        <LongText text={text ?? lossyTextOf(bytes)} />
      </>
    ),
    hex: () => <HexDump bytes={bytes} />,
    base64: () => <LongText text={payload} />,
  };
  return (
    <section aria-label={texts.payload} className={classes.viewer}>
      <span className={classes.copy}>
        <CopyButton value={text ?? payload} label={texts.copyPayload} />
      </span>
      <Tabs value={shown} onChange={(next) => (onView ?? setChosen)(next as PayloadView)}>
        <Tabs.List>
          {(Object.keys(panels) as PayloadView[]).map((each) => (
            <Tabs.Tab key={each} value={each}>
              {texts.views[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {(Object.keys(panels) as PayloadView[]).map((each) => (
          <Tabs.Panel key={each} value={each} pt="sm">
            {each === shown && panels[each]()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

function LongText({ text }: { text: string }) {
  const [isAll, setAll] = useState(false);
  const isCut = !isAll && text.length > SHOWN_CHARACTERS;
  return (
    <>
      <pre className={classes.payload} tabIndex={0} role="region" aria-label={texts.payload}>
        {isCut ? text.slice(0, SHOWN_CHARACTERS) : text}
      </pre>
      {isCut && (
        <Text size="sm" c="dimmed">
          {texts.cut(formatBytes(SHOWN_CHARACTERS), formatBytes(text.length))}{' '}
          <Button variant="default" size="compact-sm" onClick={() => setAll(true)}>
            {texts.all}
          </Button>
        </Text>
      )}
    </>
  );
}
