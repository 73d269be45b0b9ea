/** The row of a rule, where it is mounted. */
export function rowOf(list: ParentNode | null, id: string): HTMLElement | null {
  const rows = list?.querySelectorAll<HTMLElement>('[role="row"][data-rule]') ?? [];
  return [...rows].find((row) => row.dataset['rule'] === id) ?? null;
}
