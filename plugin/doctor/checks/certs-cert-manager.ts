import { plainDuration, plainTime } from '../../../shared/cert/life.ts';
import type { ManagedCertificate } from '../../../shared/kube/cert-manager.ts';
import type { Secret } from '../../../shared/kube/secret.ts';
import type { Reading } from '../../cluster/snapshot.ts';
import { byName } from '../certs/index-by.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

/** A controller that has just started needs a while before it comes to a Certificate. */
const patience = 60 * 60_000;

export const managedCertificates: Check = {
  id: 'AG-CRT-004',
  category: 'certs',
  title: "cert-manager's Certificates are ready, renewed in time and in their Secrets",
  explanation:
    'Reads what cert-manager says of each Certificate: whether it is ready, and when it was to be renewed. A renewal that is more than an hour late means that the controller does not run or that the issuer does not sign; behind an air gap an issuer of the internet (ACME) never does. Where Secrets can be read it also compares the date that cert-manager noted with that of the certificate that is really there.',
  needs: ['certificates'],
  wants: ['secrets'],
  run: (snapshot, { now }) => {
    const secrets = byName(snapshot.secrets.items);
    return snapshot.certificates.items.flatMap(
      (certificate) =>
        notReady(certificate, now) ??
        overdue(certificate, now) ??
        otherSecret(certificate, snapshot.secrets, secrets) ??
        [],
    );
  },
};

function notReady(certificate: ManagedCertificate, now: Date): Finding[] | undefined {
  const { ready, meta, notAfter } = certificate;
  const since = Date.parse(ready?.since ?? meta.creationTimestamp ?? '');
  if (ready?.status === 'True' || (notAfter === '' && now.getTime() - since < 5 * 60_000)) return undefined;
  const ended = notAfter === '' || Date.parse(notAfter) < now.getTime();
  const reason = ready === undefined ? 'cert-manager has not looked at it' : ready.message || ready.reason;
  const evidence = [ready, certificate.issuing].flatMap((condition) =>
    condition === undefined
      ? []
      : [`${condition.type} is ${condition.status} (${condition.reason}): ${condition.message}`],
  );
  return [finding('cert-manager-not-ready', certificate, { reason }, evidence, ended ? 'error' : 'warning')];
}

function overdue(certificate: ManagedCertificate, now: Date): Finding[] | undefined {
  const late = now.getTime() - Date.parse(certificate.renewalTime);
  if (!(late > patience)) return undefined;
  const { failedAttempts, notAfter, renewalTime } = certificate;
  const facts = {
    overdue: plainDuration(late),
    expires: notAfter,
    ...(failedAttempts > 0 ? { attempts: String(failedAttempts) } : {}),
  };
  const ended = Date.parse(notAfter) < now.getTime();
  return [
    finding(
      'cert-manager-overdue',
      certificate,
      facts,
      [`renewalTime ${renewalTime}, notAfter ${notAfter}`],
      ended ? 'error' : 'warning',
    ),
  ];
}

function otherSecret(
  certificate: ManagedCertificate,
  reading: Reading<Secret>,
  secrets: ReadonlyMap<string, Secret>,
): Finding[] | undefined {
  const { meta, secretName, notAfter } = certificate;
  const secret = secrets.get(`${meta.namespace}/${secretName}`);
  if (secret === undefined) {
    if (reading.gap !== null || reading.items.length === 0) return undefined;
    return [finding('cert-manager-secret', certificate, { reason: 'it does not exist' }, [], 'error')];
  }
  const [leaf] = secret.bundles.find(({ key }) => key === 'tls.crt')?.bundle.certificates ?? [];
  const noted = Date.parse(notAfter);
  if (leaf === undefined || Number.isNaN(noted) || Math.abs(leaf.notAfter - noted) < 1000) return undefined;
  const reason = `it ends on ${plainTime(leaf.notAfter)} instead of ${plainTime(noted)}`;
  return [finding('cert-manager-secret', certificate, { reason }, [`fingerprint of tls.crt ${leaf.fingerprint}`])];
}

function finding(
  cause: Finding['cause'],
  certificate: ManagedCertificate,
  facts: Finding['facts'],
  evidence: readonly string[],
  severity?: Finding['severity'],
): Finding {
  const { meta, secretName, issuer } = certificate;
  return {
    cause,
    ...(severity === undefined ? {} : { severity }),
    confidence: 'certain',
    facts: {
      secretNamespace: meta.namespace,
      certificate: meta.name,
      secret: secretName,
      issuer: issuer.name,
      issuerKind: issuer.kind.toLowerCase(),
      renew: 'cert-manager',
      ...facts,
    },
    evidence,
    objects: [{ kind: 'Certificate', namespace: meta.namespace, name: meta.name }],
  };
}
