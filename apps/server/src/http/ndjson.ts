/** The media type of one JSON value a line. */
export const NDJSON = 'application/x-ndjson';
