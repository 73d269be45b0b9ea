/** The words of the registry page. */
export const registryTexts = {
  title: 'Registry',
  explain:
    'Services that have said where they are, over the registry of FLOCK. An instance that is not renewed is gone when its lease ends.',
  table: 'Instances',
  filter: 'Filter by service, instance, address or user',
  clear: 'Clear the filter',
  shown: (shown: string, total: string) => `${shown} of ${total} ${total === '1' ? 'instance' : 'instances'}`,
  columns: {
    service: 'Service',
    instance: 'Instance',
    place: 'Reached at',
    by: 'Registered by',
    since: 'Since',
    renewed: 'Renewed',
    lease: 'Lease',
  },
  from: (address: string) => `from ${address}`,
  left: (seconds: number) => `${seconds} s left`,
  emptyTitle: 'No service is registered',
  emptyText:
    'A service registers with POST /registry/api/v1/services/<service>, as a user who may publish to $registry/<service>, and renews every 15 seconds.',
  nothingTitle: 'No instance fits the filter',
  nothingText: 'Services, instances, addresses and users were looked through.',
};
