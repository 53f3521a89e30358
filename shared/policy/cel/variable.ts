/** A named expression of a policy. The API server evaluates it when it is first asked for, once an evaluation. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}
