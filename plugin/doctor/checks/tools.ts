import { releaseOf, type Release } from '../../../shared/tool.ts';
import type { Snapshot } from '../../cluster/snapshot.ts';
import type { Check, Unseen } from '../check.ts';

const toolsOf = (snapshot: Snapshot): Map<string, string | null> =>
  new Map(snapshot.tools.items.map(({ name, version }) => [name, version]));

/** The API server's release; undefined where it may not be asked. */
function serverOf(snapshot: Snapshot): { readonly version: string; readonly release: Release } | undefined {
  const version = toolsOf(snapshot).get('api-server') ?? '';
  const release = releaseOf(version);
  return release === undefined ? undefined : { version, release };
}

const hidden: Unseen = { reason: 'the API server does not tell its version', decisive: true };

const kubectlFits: Check = {
  id: 'AG-TOL-001',
  category: 'tools',
  title: 'kubectl fits the API server',
  explanation:
    'Compares the release of the kubectl on the PATH with that of the API server. Kubernetes supports one minor release of difference either way; beyond that commands may be refused, or fields silently dropped when an object is applied. Behind a gap the tools of a jump host are easily forgotten when a cluster is upgraded. Which of the programs that copy images are there is only mentioned. Nothing is asked of the network: each program tells its own release.',
  needs: ['tools'],
  run: (snapshot) => {
    const server = serverOf(snapshot);
    const version = toolsOf(snapshot).get('kubectl');
    const own = releaseOf(version ?? '');
    if (server === undefined || own === undefined || typeof version !== 'string') return [];
    const apart = own.major === server.release.major ? Math.abs(own.minor - server.release.minor) : Infinity;
    if (apart <= 1) return [];
    return [
      {
        cause: 'kubectl-skew',
        confidence: 'certain',
        facts: { kubectl: version, server: server.version, wanted: `${server.release.major}.${server.release.minor}` },
        evidence: [],
        objects: [{ kind: 'Program', name: 'kubectl' }],
      },
    ];
  },
  unseen: (snapshot) => {
    if (serverOf(snapshot) === undefined) return hidden;
    const tools = toolsOf(snapshot);
    const kubectl = tools.get('kubectl');
    const reasons = [
      ...(kubectl === null ? ['there is no kubectl on the PATH'] : []),
      ...(typeof kubectl === 'string' && releaseOf(kubectl) === undefined ? ['kubectl does not tell its release'] : []),
      ...(tools.get('regctl') === null && tools.get('skopeo') === null
        ? ['neither regctl nor skopeo is on the PATH: kubectl airgap mirror run needs one of them']
        : []),
    ];
    return reasons.length === 0 ? null : { reason: reasons.join('; '), decisive: false };
  },
};

/** How many minor releases a kubelet may be behind its API server: two before 1.28, three since. */
const allowedLag = ({ minor }: Release): number => (minor >= 28 ? 3 : 2);

const kubeletsFit: Check = {
  id: 'AG-TOL-002',
  category: 'tools',
  title: 'no node is newer than the API server, or too old for it',
  explanation:
    'Compares what each kubelet says of itself with the release of the API server. A kubelet must never be newer, and may be three minor releases older (two before 1.28). Nodes that were forgotten in an upgrade, or installed from a newer image, run pods well for a while and then fail at the first field or API that only one side knows.',
  needs: ['tools', 'nodes'],
  run: (snapshot) => {
    const server = serverOf(snapshot);
    if (server === undefined) return [];
    return snapshot.nodes.items.flatMap(({ meta, kubeletVersion }) => {
      const own = releaseOf(kubeletVersion);
      if (own === undefined || own.major !== server.release.major) return [];
      const behind = server.release.minor - own.minor;
      if (behind >= 0 && behind <= allowedLag(server.release)) return [];
      return [
        {
          cause: 'kubelet-skew' as const,
          confidence: 'certain' as const,
          facts: {
            kubelet: kubeletVersion,
            server: server.version,
            side: behind < 0 ? 'newer than' : 'too old for',
            remedy: behind < 0 ? 'server' : 'node',
          },
          evidence: [],
          objects: [{ kind: 'Node', name: meta.name }],
        },
      ];
    });
  },
  unseen: (snapshot) => (serverOf(snapshot) === undefined ? hidden : null),
};

/** The programs beside and below: do their releases fit? */
export const toolChecks: readonly Check[] = [kubectlFits, kubeletsFit];
