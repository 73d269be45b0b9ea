import { Injectable } from '@nestjs/common';
import type { UserFilter } from './user.schemas.js';
import { csvHeader, csvLines } from './user-csv.js';
import { UsersStore } from './users.store.js';

const PAGE = 1000;

/** Writes users as CSV, a page at a time: however many there are, it holds few. */
@Injectable()
export class UserExport {
  constructor(private readonly store: UsersStore) {}

  async *lines(filter: UserFilter): AsyncGenerator<string> {
    yield csvHeader();
    for (let last: string | null = null; ;) {
      const users = await this.store.after(last, filter, PAGE);
      yield csvLines(users);
      last = users.at(-1)?.username ?? null;
      if (users.length < PAGE) return;
    }
  }
}
