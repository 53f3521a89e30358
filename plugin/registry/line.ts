import type { Outcome } from '../../shared/registry/fault.ts';
import type { Answer } from './exchange.ts';
import type { Patience } from './wire.ts';

export interface Repository {
  /** As in a normalised reference: `docker.io`, `registry.example:5000`. */
  readonly host: string;
  /** `library/nginx`. */
  readonly path: string;
}

/** How the verbs of the client see a registry: an address, and a way to ask it. */
export interface Line {
  readonly base: URL;
  readonly patience: Patience;
  ask(
    path: string | URL,
    method: 'GET' | 'HEAD' | 'DELETE',
    headers?: Readonly<Record<string, string>>,
  ): Promise<Outcome<Answer>>;
}
