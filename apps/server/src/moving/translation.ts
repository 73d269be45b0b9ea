/** What became of one line of another broker's configuration. */
export interface TranslatedLine {
  /** Where it stands, as people find it: `mosquitto.conf:12`. */
  readonly place: string;
  /** The line as it is, without what is secret. */
  readonly text: string;
  /** It means the same here; something else, which is said; or nothing: look whether you need it. */
  readonly fate: 'kept' | 'differs' | 'left-out';
  readonly says: string;
}
