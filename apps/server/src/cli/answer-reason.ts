const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'names of hosts cannot be looked up now',
  ECONNRESET: 'it ended the connection',
  ETIMEDOUT: 'it took too long',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: try http://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: try http://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate signs itself: trust it with NODE_EXTRA_CA_CERTS=FILE',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here: trust it with NODE_EXTRA_CA_CERTS=FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here: trust it with NODE_EXTRA_CA_CERTS=FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here: trust it with NODE_EXTRA_CA_CERTS=FILE',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** Why a server did not answer a request, for people, with the name that the system has for it. */
export function answerReason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  const code = cause?.code;
  if (code === undefined) return cause?.message ?? message;
  return words[code] === undefined ? code : `${words[code]} (${code})`;
}
