/** The values of a query, as Express reads them. */
export type QueryValues = Readonly<Record<string, unknown>>;

/** A request whose body is the payload, as the JSON that says the same; what is wrong in it is found where that is read. */
export function rawPublication(query: QueryValues, payload: Buffer): object {
  const { topic, qos, retain, expiresAt, expirySeconds } = query;
  const properties = propertiesIn(query);
  return {
    topic,
    payload: payload.toString('base64'),
    encoding: 'base64',
    ...(qos !== undefined && { qos: numberOf(qos) }),
    ...(retain !== undefined && { retain: yesOrNoOf(retain) }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(expirySeconds !== undefined && { expirySeconds: numberOf(expirySeconds) }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

function propertiesIn({ payloadFormatIndicator, userProperty, ...query }: QueryValues): object {
  const { contentType, responseTopic, correlationData } = query;
  const pairs = userProperty === undefined ? [] : [userProperty].flat();
  return {
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData }),
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator: yesOrNoOf(payloadFormatIndicator) }),
    ...(pairs.length > 0 && { userProperties: pairs.map(pairOf) }),
  };
}

function pairOf(text: unknown): object {
  const pair = String(text);
  const equals = pair.indexOf('=');
  return equals < 0 ? { name: pair, value: '' } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
}

function yesOrNoOf(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}
