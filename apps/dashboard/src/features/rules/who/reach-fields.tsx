import { ClientFields } from '../simulator/client-fields.js';
import { identityIn, identitySearch } from '../simulator/identity-search.js';
import { useRulesSearch } from '../use-rules-search.js';

/** The client of the address, to be changed. */
export function ReachFields() {
  const [search, change] = useRulesSearch();
  return (
    <ClientFields
      identity={identityIn(search)}
      onChange={(identity) => change({ ...identitySearch(identity), live: undefined })}
      onPick={(identity) => change({ ...identitySearch(identity), live: '1' })}
    />
  );
}
