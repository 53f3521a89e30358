/**
 * A string that cannot be printed by accident: logs, JSON, templates and the debugger's inspect all show `[redacted]`.
 * Only the code that puts it on the wire calls `reveal`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}

/**
 * What a registry is told about who asks. The user name is a secret too, because some registries take a token in its
 * place. `identity` is exchanged at the token service; `bearer` is sent to the registry as it is.
 */
export type Login =
  | { readonly kind: 'basic'; readonly username: Secret; readonly password: Secret }
  | { readonly kind: 'identity'; readonly token: Secret }
  | { readonly kind: 'bearer'; readonly token: Secret };
