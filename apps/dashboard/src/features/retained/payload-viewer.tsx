import { Button, Tabs, Text } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { imageTypeOf } from '../../shared/payload/image-type.js';
import { exactJsonOf } from '../../shared/payload/exact-json.js';
import { bestView, bytesOfBase64, lossyTextOf, utf8Of } from '../../shared/payload/payload.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatBytes } from '../../shared/ui/format.js';
import { HexDump } from './hex-dump.js';
import { JsonTree } from './json-tree.js';
import { PayloadImage } from './payload-image.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const texts = retainedTexts.drawer;

/** How it can be looked at; an image only where it is one. */
export const viewsOfPayload = ['json', 'text', 'hex', 'base64', 'image'] as const;

export type ViewOfPayload = (typeof viewsOfPayload)[number];

/** So much of a payload is painted before somebody asks for all of it. */
const SHOWN_CHARACTERS = 256 * 1024;

interface PayloadViewerProps {
  readonly payload: string;
  /** It is the beginning of a larger one. */
  readonly isCut?: boolean;
  /** How it is looked at, where that is kept elsewhere. */
  readonly view?: ViewOfPayload | undefined;
  readonly onView?: ((view: ViewOfPayload) => void) | undefined;
}

/** A payload as JSON, text, hex, base64 or a picture; opens with what tells most. */
export function PayloadViewer({ payload, isCut = false, view, onView }: PayloadViewerProps) {
  const [chosen, setChosen] = useState<ViewOfPayload>();
  const seen = useMemo(() => seenIn(payload, isCut), [payload, isCut]);
  const { bytes, text, json, imageType } = seen;
  const wanted = view ?? chosen ?? (imageType === null || isCut ? bestView(bytes) : 'image');
  const shown = wanted === 'image' && imageType === null ? 'hex' : wanted;
  if (bytes.length === 0) return <Text c="dimmed">{texts.empty}</Text>;
  const whole = (panel: ReactNode) => (isCut ? <Text c="dimmed">{texts.needsAll}</Text> : panel);
  const panels: Readonly<Record<ViewOfPayload, () => ReactNode>> = {
    json: () => whole(json === undefined ? <Text c="dimmed">{texts.notJson}</Text> : <JsonTree value={json} />),
    text: () => (
      <>
        {text === null && <Text c="warning">{texts.notText}</Text>}
        <LongText text={text ?? lossyTextOf(bytes)} />
      </>
    ),
    hex: () => <HexDump bytes={bytes} />,
    base64: () => <LongText text={payload} />,
    image: () => whole(imageType === null ? null : <PayloadImage payload={payload} type={imageType} />),
  };
  const tabs = viewsOfPayload.filter((each) => each !== 'image' || imageType !== null);
  return (
    <section aria-label={texts.payload} className={classes.viewer}>
      <span className={classes.copy}>
        <CopyButton value={text ?? payload} label={texts.copyPayload} />
      </span>
      <Tabs value={shown} onChange={(next) => (onView ?? setChosen)(next as ViewOfPayload)}>
        <Tabs.List>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {texts.views[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((each) => (
          <Tabs.Panel key={each} value={each} pt="sm">
            {each === shown && panels[each]()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

function seenIn(payload: string, isCut: boolean) {
  const bytes = bytesOfBase64(payload);
  const text = utf8Of(bytes, isCut);
  return { bytes, text, json: isCut ? undefined : exactJsonOf(text), imageType: imageTypeOf(bytes) };
}

function LongText({ text }: { text: string }) {
  const [isAll, setAll] = useState(false);
  const isCut = !isAll && text.length > SHOWN_CHARACTERS;
  return (
    <>
      <pre className={classes.payload} tabIndex={0} role="region" aria-label={texts.payload}>
        {visibleText(isCut ? text.slice(0, SHOWN_CHARACTERS) : text)}
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
