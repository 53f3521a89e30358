import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { silentCluster } from '../../../plugin/cluster/silent.ts';
import { nodeCertificates } from '../../../plugin/doctor/checks/certs-files.ts';
import { secretCertificates } from '../../../plugin/doctor/checks/certs-secrets.ts';
import { clocks } from '../../../plugin/doctor/checks/certs-clock.ts';
import { examine } from '../../../plugin/doctor/examine.ts';
import { AirgapError } from '../../../shared/errors.ts';
import { issue } from '../../x509.ts';

test('where the API server is down the files of its node are still examined, and nothing else passes for ok', async () => {
  const pkiDir = mkdtempSync(path.join(tmpdir(), 'airgap-silent-'));
  try {
    const expired = issue({
      cn: 'kube-apiserver',
      from: new Date('2025-01-01T00:00:00Z'),
      until: new Date('2026-01-01T00:00:00Z'),
    });
    writeFileSync(path.join(pkiDir, 'apiserver.crt'), expired.pem);
    const { signal } = new AbortController();
    const failure = new AirgapError('unreachable', 'Nothing listens at 10.0.0.1:6443.', '');
    const cluster = silentCluster(failure, undefined, { registries: [], pkiDir, signal });
    const checks = [secretCertificates, nodeCertificates, clocks];
    const report = await examine(cluster, checks, { signal, progress: () => {} });
    const rows = report.categories[0]?.checks ?? [];
    assert.deepEqual(
      rows.map(({ result, reason }) => [result, reason]),
      [
        ['unknown', 'Nothing listens at 10.0.0.1:6443'],
        ['error', 'Nothing listens at 10.0.0.1:6443'],
        ['unknown', 'Nothing listens at 10.0.0.1:6443'],
      ],
    );
    assert.deepEqual(
      rows[1]?.findings.map(({ cause, remedy }) => [cause, remedy[1]]),
      [['cert-expired', '$ sudo kubeadm certs renew apiserver']],
    );
  } finally {
    rmSync(pkiDir, { recursive: true });
  }
});
