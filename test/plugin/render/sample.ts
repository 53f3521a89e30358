import type { DoctorReport } from '../../../plugin/doctor/report.ts';
import type { Terminal } from '../../../plugin/render/terminal.ts';

/** Where nobody looks: a pipe or a file. */
export const pipe: Terminal = { width: 80, colour: false, unicode: true };

/** A report with every result, every kind of remedy line and some of the worst text that a cluster can hold. */
export const sample: DoctorReport = {
  apiVersion: 'airgap.dev/v1alpha1',
  kind: 'DoctorReport',
  source: 'dumps/site-7.tar.gz',
  time: '2026-11-22T10:00:00.000Z',
  summary: { ok: 2, warning: 1, error: 2, skipped: 1, unknown: 1 },
  categories: [
    {
      name: 'pulls',
      checks: [
        {
          id: 'AG-IMG-001',
          title: 'every container has its image',
          result: 'error',
          reason: null,
          findings: [
            {
              cause: 'tls-unknown-authority',
              severity: 'error',
              confidence: 'certain',
              scope: 'container',
              image: 'registry.example.com:5000/team/web:1.4.2',
              host: 'registry.example.com:5000',
              summary:
                'The nodes do not trust the CA that signed the certificate of registry.example.com:5000, so registry.example.com:5000/team/web:1.4.2 cannot be pulled.',
              evidence: [
                'Failed to pull image "registry.example.com:5000/team/web:1.4.2": failed to do request: Head "https://registry.example.com:5000/v2/team/web/manifests/1.4.2": tls: failed to verify certificate: x509: certificate signed by unknown authority',
              ],
              owner: 'node administrator',
              remedy: [
                'On every node, put the CA of the registry where containerd looks for it:',
                '$ install -D -m 0644 registry-ca.pem /etc/containerd/certs.d/registry.example.com:5000/ca.crt && systemctl restart containerd',
                'Then let the kubelet try again:',
                '$ kubectl delete pod -n shop web-7c9d-0',
              ],
              objects: [0, 1, 2, 3, 4].map((replica) => ({
                kind: 'Pod',
                namespace: 'shop',
                name: `web-7c9d-${replica}`,
                container: 'web',
              })),
            },
            {
              cause: 'unclassified',
              severity: 'error',
              confidence: 'guess',
              scope: 'init',
              image: 'registry.example.com:5000/team/\u001B[31mevil:1',
              host: null,
              summary: 'The image cannot be pulled for a reason that this release does not know.',
              evidence: ['\u001B]0;owned\u0007first line\nsecond line \u202Egnirts', 'x'.repeat(900)],
              owner: 'registry administrator',
              remedy: ['Read the message above.'],
              objects: [{ kind: 'Pod', namespace: 'shop', name: 'job-\u001B[2J1', container: 'init' }],
            },
          ],
        },
        { id: 'AG-IMG-002', title: 'every pod sandbox has its image', result: 'ok', reason: null, findings: [] },
        {
          id: 'AG-REG-001',
          title: 'every named registry answers',
          result: 'skipped',
          reason: 'no registry is named: add --registry HOST or a policy',
          findings: [],
        },
      ],
    },
    {
      name: 'certs',
      checks: [
        {
          id: 'AG-CRT-003',
          title: 'every TLS secret holds a certificate that is valid for a while',
          result: 'warning',
          reason: 'you may not list secrets in namespace kube-system',
          findings: [
            {
              cause: 'webhook-cert-expired',
              severity: 'warning',
              confidence: 'certain',
              scope: null,
              image: null,
              host: null,
              summary: 'The certificate in shop/web-tls expires in 9 days (12 % of its life is left).',
              evidence: ['not after 2026-12-01T10:00:00Z'],
              owner: 'cluster administrator',
              remedy: ['$ kubectl cert-manager renew -n shop web-tls'],
              objects: [{ kind: 'Secret', namespace: 'shop', name: 'web-tls' }],
            },
          ],
        },
        {
          id: 'AG-CRT-004',
          title: 'no certificate signing request waits for approval',
          result: 'unknown',
          reason: 'you may not list certificatesigningrequests.certificates.k8s.io at the cluster scope',
          findings: [],
        },
      ],
    },
    {
      name: 'rbac',
      checks: [
        {
          id: 'AG-RBC-001',
          title: 'every binding names a role that exists',
          result: 'error',
          reason: null,
          findings: [
            {
              cause: 'rbac-role-missing',
              severity: 'error',
              confidence: 'certain',
              scope: null,
              image: null,
              host: null,
              summary: 'RoleBinding shop/readers grants nothing: Role shop/reader does not exist',
              evidence: [],
              owner: 'cluster administrator',
              remedy: [
                'Make the role, or name another one:',
                "$ kubectl apply -f - <<'EOF'\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader, namespace: shop}\nEOF",
              ],
              objects: [{ kind: 'RoleBinding', namespace: 'shop', name: 'readers' }],
            },
          ],
        },
        { id: 'AG-RBC-002', title: 'every subject of a binding exists', result: 'ok', reason: null, findings: [] },
      ],
    },
  ],
};
