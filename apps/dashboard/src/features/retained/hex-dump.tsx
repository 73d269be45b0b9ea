import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { hexRow, hexRowCount } from '../../shared/payload/payload.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const LINE_PX = 18;

/** Offset, bytes and readable characters; only the lines in view are painted. */
export function HexDump({ bytes }: { bytes: Uint8Array }) {
  const region = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: hexRowCount(bytes.length),
    getScrollElement: () => region.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
    initialRect: { width: 600, height: 400 },
  });
  return (
    <div ref={region} className={classes.hex} tabIndex={0} role="region" aria-label={retainedTexts.drawer.views.hex}>
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = hexRow(bytes, index);
          return (
            <div key={index} className={classes.hexRow} style={{ transform: `translateY(${start}px)` }}>
              <span className={classes.offset}>{row.offset}</span>
              <span>{row.hex}</span>
              <span>{row.ascii}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
