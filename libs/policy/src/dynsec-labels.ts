import type { Dynsec } from './read-dynamic-security.js';

/** What the roles and groups of a file are called as labels of users. */
export interface DynsecLabels {
  ofRole(name: string): string;
  ofGroup(name: string): string;
  /** Those that could not keep their name. */
  readonly renamed: readonly { readonly name: string; readonly label: string }[];
}

const LONGEST = 60;

/** A label has no blanks, commas and semicolons, and no two are the same: a group may not bring the rules of a role. */
export function labelsOf({ roles, groups }: Dynsec): DynsecLabels {
  const taken = new Set<string>();
  const choose = (name: string) => {
    const plain = name.replace(/[\s,;\p{C}]+/gu, '-').slice(0, LONGEST);
    const label = [plain, ...Array.from({ length: taken.size + 1 }, (_, index) => `${plain}-${index + 2}`)].find(
      (each) => !taken.has(each),
    );
    taken.add(label ?? plain);
    return { name, label: label ?? plain };
  };
  const ofRoles = roles.map(({ name }) => choose(name));
  const ofGroups = groups.map(({ name }) => choose(name));
  const find = (list: typeof ofRoles, name: string) => list.find((each) => each.name === name)?.label ?? name;
  return {
    ofRole: (name) => find(ofRoles, name),
    ofGroup: (name) => find(ofGroups, name),
    renamed: [...ofRoles, ...ofGroups].filter(({ name, label }) => name !== label),
  };
}
