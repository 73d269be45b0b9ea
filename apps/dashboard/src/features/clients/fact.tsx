import type { ReactNode } from 'react';
import { literal } from '../../shared/ui/literal.js';

/** One named value of a list of facts. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{literal(children)}</dd>
    </div>
  );
}
