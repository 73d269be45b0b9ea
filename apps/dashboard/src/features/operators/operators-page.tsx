import { Page } from '../../shared/ui/page.js';

/** The Operators page. */
export function OperatorsPage() {
  return <Page title="Operators">{null}</Page>;
}
