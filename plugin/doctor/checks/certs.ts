import type { Check } from '../check.ts';
import { apiServerCertificates } from './certs-api-server.ts';
import { apiCertificates } from './certs-apis.ts';
import { managedCertificates } from './certs-cert-manager.ts';
import { clocks } from './certs-clock.ts';
import { configMapCertificates } from './certs-config-maps.ts';
import { nodeCertificates } from './certs-files.ts';
import { kubeletCertificates } from './certs-kubelets.ts';
import { issuers } from './certs-issuers.ts';
import { registryCertificates } from './certs-registries.ts';
import { certificateRequests } from './certs-requests.ts';
import { secretCertificates } from './certs-secrets.ts';
import { webhookCertificates } from './certs-webhooks.ts';

export const certificateChecks: readonly Check[] = [
  webhookCertificates,
  apiCertificates,
  secretCertificates,
  managedCertificates,
  apiServerCertificates,
  kubeletCertificates,
  configMapCertificates,
  certificateRequests,
  nodeCertificates,
  clocks,
  registryCertificates,
  issuers,
];
