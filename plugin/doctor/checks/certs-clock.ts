import { plainDuration } from '../../../shared/cert/life.ts';
import type { Check } from '../check.ts';

/** The Date header has whole seconds, and a slow answer adds its own; beyond this tokens begin to be refused. */
const tolerated = 30_000;
const grave = 5 * 60_000;

export const clocks: Check = {
  id: 'AG-CRT-010',
  category: 'certs',
  title: "this machine's clock and the API server's agree",
  explanation:
    'Compares the Date header of the API server with the clock of this machine at the same moment. A difference of more than 30 seconds is a warning, of more than five minutes an error: every verdict on a date in this report depends on it, and nodes without an NTP server inside the gap drift in the same way.',
  needs: ['tls-endpoints'],
  run: (snapshot) =>
    snapshot['tls-endpoints'].items.flatMap(({ clockAhead = 0, host, port }) => {
      if (Math.abs(clockAhead) <= tolerated) return [];
      return [
        {
          cause: 'clock-skew',
          severity: Math.abs(clockAhead) > grave ? 'error' : 'warning',
          confidence: 'certain',
          facts: { skew: plainDuration(clockAhead), direction: clockAhead > 0 ? 'ahead' : 'behind' },
          evidence: [`Date header of ${host}:${port} minus local time: ${Math.round(clockAhead / 1000)} s`],
          objects: [],
        },
      ];
    }),
  unseen: (snapshot) =>
    snapshot['tls-endpoints'].items.some(({ clockAhead }) => clockAhead !== undefined)
      ? null
      : { decisive: true, reason: 'the API server did not tell its time' },
};
