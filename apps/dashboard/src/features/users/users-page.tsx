import { Page } from '../../shared/ui/page.js';

/** The Users page. */
export function UsersPage() {
  return <Page title="Users">{null}</Page>;
}
