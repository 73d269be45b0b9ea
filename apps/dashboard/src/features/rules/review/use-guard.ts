import { useState } from 'react';
import type { PolicyImpact } from '../../../shared/api/generated/types.gen.js';

/** Beyond these a save asks twice: not for a few clients, however small the fleet is. */
const GUARDED_CLIENTS = 50;
const FEW_CLIENTS = 5;
const GUARDED_SHARE = 0.05;

/** A save that cuts off many clients needs their number typed. */
export interface Guard {
  /** How many clients lose something, if that is many; otherwise null. */
  readonly clients: number | null;
  readonly online: number;
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
  /** True while the number is wanted and was not typed. */
  readonly isShut: boolean;
}

/** Whether the save has to be confirmed by its number, and whether it was. */
export function useGuard(impact: PolicyImpact | null): Guard {
  const [typed, setTyped] = useState('');
  const clients = impact !== null && isMany(impact) ? impact.clients.losing : null;
  const isShut = clients !== null && typed.trim() !== String(clients);
  return { clients, online: impact?.clients.total ?? 0, typed, setTyped, isShut };
}

/** More than fifty clients, or more than one in twenty, unless these are fewer than five. */
export function isMany({ clients: { losing, total } }: Pick<PolicyImpact, 'clients'>): boolean {
  return losing > GUARDED_CLIENTS || (losing >= FEW_CLIENTS && losing > total * GUARDED_SHARE);
}
