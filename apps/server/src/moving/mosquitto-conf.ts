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

/**
 * The directives of a mosquitto.conf in their order, those of an `include_dir` in its place and, as Mosquitto does, the files
 * that end in `.conf` sorted by name. Throws where a file cannot be read.
 */
export function readMosquittoConf(path: string, files: ConfFiles): Directive[] {
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
      return parts.sort().flatMap((each) => readMosquittoConf(files.join(value, each), files));
    });
}
