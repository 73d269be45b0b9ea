import type { PolicyImpact } from '../../../shared/api/generated/types.gen.js';
import { formatCount } from '../../../shared/ui/format.js';
import { impactTexts as texts } from './texts.js';
import classes from './impact.module.css';

/** The preview in four numbers. */
export function ImpactCards({ impact: { clients, totals } }: { impact: PolicyImpact }) {
  const { subscription, will, publish } = totals;
  const wills = will.loses > 0 ? `, ${texts.wills(will.loses)}` : '';
  const cards = [
    { name: 'loses', value: subscription.loses + subscription.narrowed, more: texts.clients(clients.losing) + wills },
    { name: 'gains', value: subscription.gains + subscription.widened, more: texts.clients(clients.gaining) },
    { name: 'publishes', value: publish.loses, more: null },
    { name: 'unaffected', value: null, more: texts.clients(clients.unaffected) },
  ] as const;
  return (
    <dl className={classes.cards}>
      {cards.map(({ name, value, more }) => (
        <div key={name} data-bad={(name === 'loses' || name === 'publishes') && value !== null && value > 0}>
          <dt>{texts.cards[name]}</dt>
          <dd>
            {value !== null && (
              <strong>{name === 'publishes' ? formatCount(value) : texts.subscriptions(value)}</strong>
            )}
            {more !== null && <span>{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
