/** Whether a file holds texts for people: the dashboard's words are in such files alone. */
export function isCatalogue(path: string): boolean {
  return /\/([^/]+-)?texts\.ts$/.test(path);
}

/** What opens and closes a word in a sentence. */
const around = /^[(“"]+|[….,:;!?)”"]+$/gu;

/** A topic, an address or a key as an example, in one piece: the same in every language. */
export function isExample(text: string): boolean {
  return /^\S*[^\p{L}\s’'-]\S*$/u.test(text.trim().replaceAll(around, ''));
}
