import type { Check } from '../check.ts';
import { apiCertificates } from './certs-apis.ts';
import { managedCertificates } from './certs-cert-manager.ts';
import { configMapCertificates } from './certs-config-maps.ts';
import { certificateRequests } from './certs-requests.ts';
import { secretCertificates } from './certs-secrets.ts';
import { webhookCertificates } from './certs-webhooks.ts';

export const certificateChecks: readonly Check[] = [
  webhookCertificates,
  apiCertificates,
  secretCertificates,
  managedCertificates,
  configMapCertificates,
  certificateRequests,
];
