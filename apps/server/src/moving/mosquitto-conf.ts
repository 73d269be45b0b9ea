/** One directive of a mosquitto.conf. */
export interface Directive {
  readonly key: string;
  readonly value: string;
  readonly place: string;
}

/** Reads files and folders; throws what Node throws. */
export interface ConfFiles {
  readonly read: (path: string) => string;
  /** The names of what is in a folder. */
  readonly list: (path: string) => readonly string[];
  readonly join: (folder: string, name: string) => string;
}

/** As Mosquitto bounds it. */
const DEEPEST_INCLUDE = 9;

/**
 * The directives of a mosquitto.conf in their order, those of an `include_dir` in its place and, as Mosquitto does, the files
 * that end in `.conf` sorted by name. Throws where a file cannot be read, and where files include one another without end.
 */
export function readMosquittoConf(path: string, files: ConfFiles, depth = 0): Directive[] {
  if (depth > DEEPEST_INCLUDE) throw new Error(`${path} is included by too many others, or by itself`);
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return files
    .read(path)
    .split(/\r?\n/)
    .flatMap((line, index): Directive[] => {
      const [, key, value = ''] = /^\s*([^\s#]\S*)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
      if (key === undefined) return [];
      const directive = { key, value, place: `${name}:${index + 1}` };
      if (key !== 'include_dir') return [directive];
      const parts = files.list(value).filter((each) => each.endsWith('.conf'));
      return parts.sort().flatMap((each) => readMosquittoConf(files.join(value, each), files, depth + 1));
    });
}
