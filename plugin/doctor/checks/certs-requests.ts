import { plainDuration } from '../../../shared/cert/life.ts';
import type { CertificateRequest } from '../../../shared/kube/certificate-request.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

/** Approvers and signers need a moment; a kubelet asks again only after minutes. */
const patience = 5 * 60_000;

export const certificateRequests: Check = {
  id: 'AG-CRT-008',
  category: 'certs',
  title: 'every certificate request is approved and issued',
  explanation:
    'Reads the CertificateSigningRequests that Kubernetes still remembers: issued ones for an hour, pending ones for a day. One that nobody approves, that was denied, or that was approved without anything being issued means that a kubelet, an operator or a person waits for a certificate. Requests younger than five minutes are left out.',
  needs: ['certificatesigningrequests'],
  run: (snapshot, { now }) => snapshot.certificatesigningrequests.items.flatMap((request) => judge(request, now)),
};

function judge(request: CertificateRequest, now: Date): Finding[] {
  const { meta, signer, username, conditions, issued } = request;
  if (issued) return [];
  const refused = conditions.find(({ type }) => type === 'Denied' || type === 'Failed');
  const approved = conditions.find(({ type }) => type === 'Approved');
  const since = Date.parse(approved?.since || (meta.creationTimestamp ?? ''));
  const age = now.getTime() - since;
  if (refused === undefined && !(age > patience)) return [];
  const cause = refused !== undefined ? 'csr-refused' : approved === undefined ? 'csr-pending' : 'csr-not-issued';
  return [
    {
      cause,
      // Without a serving certificate the kubelet serves no logs; without a client certificate it is no node.
      ...(cause === 'csr-pending' && signer.includes('kubelet') ? { severity: 'error' } : {}),
      confidence: 'certain',
      facts: {
        request: meta.name,
        signer,
        requester: username,
        age: plainDuration(age),
        reason: refused === undefined ? '' : `${refused.type}: ${refused.message || refused.reason}`,
      },
      evidence: conditions.map(({ type, reason, message }) => `${type} (${reason}): ${message}`),
      objects: [{ kind: 'CertificateSigningRequest', name: meta.name }],
    },
  ];
}
