import assert from 'node:assert/strict';
import type { Check, Environment } from '../../../../plugin/doctor/check.ts';
import type { ReportCheck } from '../../../../plugin/doctor/report.ts';
import { base64 } from '../../../x509.ts';
import { collected, rowOf, type Gaps, type Raws } from '../snapshot.ts';

export type { Raws } from '../snapshot.ts';

export const now = new Date('2026-06-01T00:00:00Z');
const day = 86_400_000;

/** Dates so many days before and after the time of the tests. */
export function days(from: number, until: number): { from: Date; until: Date } {
  return { from: new Date(now.getTime() + from * day), until: new Date(now.getTime() + until * day) };
}

/** The row of the report for these objects, with every text filled in: a missing fact fails here. */
export function examine(
  check: Check,
  raws: Raws,
  gaps: Gaps = {},
  environment: Omit<Environment, 'now'> = {},
): ReportCheck {
  const row = rowOf(check, collected(raws, gaps), { now, ...environment });
  for (const finding of row.findings) {
    const text = [finding.summary, ...finding.remedy].join('\n');
    assert.doesNotMatch(
      text,
      /undefined|\[object|\b[A-Z]*(?:NAMESPACE|SECRET|RESOURCE|OBJECT|REASON|SUBJECT|WHERE|PATCHPATH|SERVICE|NODE)\b(?!_)/,
      text,
    );
  }
  return row;
}

/** `cause severity confidence` of each finding. */
export function verdicts(row: ReportCheck): string[] {
  return row.findings.map(({ cause, severity, confidence }) => `${cause} ${severity} ${confidence}`);
}

export function tlsSecret(
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
  more: { labels?: object; annotations?: object; type?: string } = {},
): object {
  const { type = 'kubernetes.io/tls', ...meta } = more;
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  return { metadata: { namespace, name, uid: `${namespace}/${name}`, ...meta }, type, data: encoded };
}

export function webhookConfiguration(name: string, webhooks: readonly object[], meta: object = {}): object {
  return { metadata: { name, ...meta }, webhooks };
}

export function webhook(name: string, service: string, caBundle: string | undefined, more: object = {}): object {
  const [namespace, serviceName] = service.split('/');
  return {
    name,
    clientConfig: {
      service: { namespace, name: serviceName, port: 443 },
      ...(caBundle === undefined ? {} : { caBundle: base64(caBundle) }),
    },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
    ...more,
  };
}

/** A service, a pod behind it that mounts a Secret, and the slice that says so. */
export function backend(namespace: string, name: string, secret: string | undefined, ready = true): Raws {
  const volumes = secret === undefined ? [] : [{ name: 'tls', secret: { secretName: secret } }];
  return {
    services: [
      { metadata: { namespace, name }, spec: { selector: { app: name }, ports: [{ port: 443, targetPort: 8443 }] } },
    ],
    pods: [{ metadata: { namespace, name: `${name}-0`, labels: { app: name } }, spec: { volumes, containers: [] } }],
    endpointslices: [
      {
        metadata: { namespace, name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
        ports: [{ port: 8443 }],
        endpoints: [{ addresses: ['10.0.0.7'], conditions: { ready }, targetRef: { kind: 'Pod', name: `${name}-0` } }],
      },
    ],
  };
}
