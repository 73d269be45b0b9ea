/** The row of a rule, where it is mounted. */
export function rowOf(list: ParentNode | null, id: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[role="row"][data-rule="${CSS.escape(id)}"]`) ?? null;
}
