import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { valuesOf } from '../../shared/series/values-of.js';
import { usePermission } from '../../shared/session/session.js';
import { formatCount, formatTime } from '../../shared/ui/format.js';
import { Sparkline } from '../../shared/ui/sparkline.js';
import { changesOverTime } from './queries.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import classes from './presence-table.module.css';

const { changes: texts } = clientsTexts;

/** Connects and disconnects of the last minutes; a part of that time, once chosen, narrows the list. */
export function ChangesChart() {
  const mayRead = usePermission('stats:read');
  const { data } = useQuery({ ...changesOverTime(), enabled: mayRead });
  const [, change] = useClientsSearch();
  const [step, setStep] = useState<number | null>(null);
  if (!data) return null;
  const lines = ['perch_connects_total', 'perch_disconnects_total'].map((key) => valuesOf(data, key));
  const at = (index: number) => Date.parse(data.from) + index * data.stepSeconds * 1000;
  const many = (index: number) => formatCount(roundedOrNull(lines[index]?.[step ?? -1], data.stepSeconds));
  return (
    <div className={classes.changes}>
      <Sparkline
        label={texts.label}
        series={lines}
        colours={['--perch-online', '--perch-warning']}
        cursor={step}
        onCursor={setStep}
        onRange={({ from, to }) =>
          change({ since: undefined, from: new Date(at(from)).toISOString(), to: new Date(at(to)).toISOString() }, true)
        }
      />
      <span className={classes.changesNote} aria-live="polite">
        {step === null ? texts.hint : texts.at(formatTime(at(step)), many(0), many(1))}
      </span>
    </div>
  );
}

/** How many there were in a step, of a rate per second. */
function roundedOrNull(rate: number | null | undefined, seconds: number): number | null {
  return rate === null || rate === undefined ? null : Math.round(rate * seconds);
}
