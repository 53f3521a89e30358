/** Whether a finding of this severity makes the exit code 1, by `--fail-on`. */
export function fails(severity: string, failOn: 'error' | 'warning' | 'never'): boolean {
  return failOn !== 'never' && (severity === 'error' || severity === failOn);
}
