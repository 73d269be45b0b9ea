/** The words for sending one client away. */
export const kickTexts = {
  title: (clientId: string) => `Kick ${clientId}?`,
  text: 'Its connection is closed now. It will reconnect unless it is banned or its user is disabled.',
  reason: 'Reason (optional, for the audit log)',
  action: 'Kick client',
  done: (clientId: string) => `${clientId} was disconnected`,
  offline: 'It is not connected',
} as const;
