import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, though its files are short: Vitest would begin with the largest files, and end with one core waiting for these.
 * A load on the server has its turn beside those that look at pages.
 */
const LONG = [
  'torture/torture',
  'dashboard/pages',
  'fuzz/fuzz',
  'dashboard/story',
  'torture/mqtt-js',
  'dashboard/sign-in',
  'dashboard/pseudo-locale',
];

/** Begins with the files that take longest, so that all workers end at about the same time. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    return bySize.toSorted((one, other) => place(one) - place(other));
  }
}

function place({ moduleId }: TestSpecification): number {
  const index = LONG.findIndex((name) => moduleId.endsWith(`${name}.e2e.ts`));
  return index < 0 ? LONG.length : index;
}
