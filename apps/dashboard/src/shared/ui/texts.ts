/** The words of the kit. */
export const uiTexts = {
  unknown: '-',
  copy: 'Copy',
  copied: 'Copied',
  retry: 'Retry',
  undo: 'Undo',
  cancel: 'Cancel',
  close: 'Close',
  loading: 'Loading',
  loadMore: 'Load more',
  requestId: 'Request id',
  stale: 'Not up to date',
  never: 'never',
  justNow: 'just now',
  forbiddenTitle: 'You may not see this page',
  forbiddenText: (permission: string) =>
    `Your role lacks the permission ${permission}. An admin can change your role under Operators.`,
  toOverview: 'Back to the overview',
  disabledReason: (permission: string) => `Needs the permission ${permission}`,
  typeToConfirm: (name: string) => `Type ${name} to confirm`,
  clearFilter: 'Clear the filter',
  scrollRegion: (label: string) => `${label}, scrollable`,
} as const;
