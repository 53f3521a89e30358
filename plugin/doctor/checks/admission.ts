import type { Check } from '../check.ts';
import { apiAvailability } from './admission-apis.ts';
import { webhookCalls } from './admission-calls.ts';
import { webhookDeadlocks } from './admission-deadlock.ts';
import { webhookEndpoints } from './admission-endpoints.ts';

export const admissionChecks: readonly Check[] = [webhookEndpoints, webhookDeadlocks, webhookCalls, apiAvailability];
