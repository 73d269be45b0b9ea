import { ClientFields } from '../simulator/client-fields.js';
import { labelsOf } from '../simulator/use-access-test.js';
import { useRulesSearch } from '../use-rules-search.js';

/** The client of the address, to be changed. */
export function ReachFields() {
  const [{ client = '', username = null, address = null, labels }, change] = useRulesSearch();
  return (
    <ClientFields
      identity={{ clientId: client, username, address, labels: labelsOf(labels) }}
      onChange={(identity) =>
        change({
          client: identity.clientId || undefined,
          username: identity.username ?? undefined,
          address: identity.address ?? undefined,
          labels: identity.labels?.join(',') || undefined,
        })
      }
    />
  );
}
