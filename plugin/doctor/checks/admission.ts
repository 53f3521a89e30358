import type { Check } from '../check.ts';
import { apiAvailability } from './admission-apis.ts';
import { webhookCalls } from './admission-calls.ts';
import { webhookDeadlocks } from './admission-deadlock.ts';
import { namespacesCovered } from './admission-coverage.ts';
import { celAgrees } from './admission-drift.ts';
import { webhookEndpoints } from './admission-endpoints.ts';
import { policiesEnforced } from './admission-enforced.ts';
import { policiesInForce } from './admission-policies.ts';
import { webhookReplicas } from './admission-replicas.ts';
import { webhookTimeouts } from './admission-timeouts.ts';
import { runningImagesAllowed } from './admission-running.ts';
import { noPodSlipped } from './admission-slipped.ts';

export const admissionChecks: readonly Check[] = [
  webhookEndpoints,
  webhookDeadlocks,
  webhookCalls,
  apiAvailability,
  webhookTimeouts,
  policiesEnforced,
  policiesInForce,
  webhookReplicas,
  namespacesCovered,
  runningImagesAllowed,
  noPodSlipped,
  celAgrees,
];
