import { apiTexts } from './texts.js';

/** One field of a request that the server refused. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
}

/** What went wrong with a call, in the words of the server: its problem document, or our own when there was no answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** The HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    readonly problem: ProblemDocument & Readonly<Record<string, unknown>>,
    private readonly extra: { readonly requestId?: string | null; readonly retryAfterSeconds?: number | null } = {},
  ) {
    super(problem.detail ?? problem.title ?? apiTexts.answered(status));
  }

  /** A short name of the problem. */
  get title(): string {
    return this.problem.title ?? (this.isUnreachable ? apiTexts.unreachable : apiTexts.refused);
  }

  /** What exactly, or nothing when the title says it all. */
  get detail(): string | null {
    return this.problem.detail ?? null;
  }

  /** The server's stable name of the problem. */
  get code(): string | null {
    return this.problem.code ?? null;
  }

  /** The number to give to whoever reads the server's log. */
  get requestId(): string | null {
    return this.extra.requestId ?? this.problem.instance ?? null;
  }

  /** How long the server asked us to wait. */
  get retryAfterSeconds(): number | null {
    return this.extra.retryAfterSeconds ?? null;
  }

  /** The refused fields, in the order of the server. */
  get errors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }

  /** The refused fields by path, as forms want them; the first message of each. */
  get fields(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.errors].reverse().map(({ path, message }) => [path, message]));
  }

  /** True when no server answered: network down, server stopped, or a proxy without its server. */
  get isUnreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
}

/** Reads whatever a failed call left behind into an ApiError. */
export function toApiError(body: unknown, response: Response | undefined): ApiError {
  if (!response) return new ApiError(0, { detail: apiTexts.checkServer });
  const problem = typeof body === 'object' && body !== null ? (body as ProblemDocument & Record<string, unknown>) : {};
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  return new ApiError(response.status, problem, {
    requestId: response.headers.get('x-request-id'),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
  });
}
