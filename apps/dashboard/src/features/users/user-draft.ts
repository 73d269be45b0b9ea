import type { NewUser, User, UserPatch } from '../../shared/api/generated/types.gen.js';
import { formatLocalInput } from '../../shared/ui/format.js';

/** A user as a form holds it: every field is what its input holds. */
export interface UserDraft {
  readonly username: string;
  readonly passwordKind: 'generate' | 'own';
  readonly password: string;
  readonly bindingKind: User['clientIdBinding']['kind'];
  readonly bindingText: string;
  readonly addresses: string[];
  readonly connectionLimit: string;
  /** As an input of a local date and time writes it. */
  readonly validUntil: string;
  readonly labels: string[];
  readonly note: string;
}

/** A user about whom nothing is said yet. */
export const blankUser: UserDraft = {
  username: '',
  passwordKind: 'generate',
  password: '',
  bindingKind: 'any',
  bindingText: '',
  addresses: [],
  connectionLimit: '',
  validUntil: '',
  labels: [],
  note: '',
};

/** The draft that changes this user, or with another name makes one like it. */
export function draftOf(user: User): UserDraft {
  return {
    ...blankUser,
    username: user.username,
    bindingKind: user.clientIdBinding.kind,
    bindingText: user.clientIdBinding.text,
    addresses: user.addresses,
    connectionLimit: user.connectionLimit === null ? '' : String(user.connectionLimit),
    validUntil: user.validUntil === null ? '' : formatLocalInput(new Date(user.validUntil)),
    labels: user.labels,
    note: user.note,
  };
}

/** What a new user is created with. */
export function newUserOf(draft: UserDraft): NewUser {
  const { username, passwordKind, password } = draft;
  return { username: username.trim(), ...(passwordKind === 'own' && { password }), ...patchOf(draft) };
}

/** What the draft says of a user who exists. */
export function patchOf(draft: UserDraft): Required<Omit<UserPatch, 'disabled'>> {
  const { bindingKind, bindingText, addresses, connectionLimit, validUntil, labels, note } = draft;
  return {
    clientIdBinding: { kind: bindingKind, text: bindingKind === 'any' ? '' : bindingText },
    addresses,
    connectionLimit: connectionLimit.trim() === '' ? null : Number(connectionLimit),
    validUntil: validUntil === '' ? null : new Date(validUntil).toISOString(),
    labels,
    note,
  };
}
