import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';

/** The least policy that would do; what is in it beside the host is for the reader to replace. */
const policyFor = (host: string): string => `apiVersion: airgap.dev/v1alpha1
kind: AirgapPolicy
metadata:
  name: default
spec:
  mode: Audit
  mirrors:
    - sourcePrefix: ${host}
      targetPrefix: my-registry.local/${host}`;

export const egress: Readonly<Record<IdOf<'egress'>, Cause>> = {
  /** `host`, `what` (a public …), `field`, `resource`, `object`, `objectNamespace`. */
  'egress-internet-host': {
    title: 'an object sends the cluster to a host on the internet',
    severity: 'warning',
    owner: 'author of the object',
    summary: (facts) =>
      `the ${fact(facts, 'resource')} ${fact(facts, 'object')} names ${fact(facts, 'host')}, ${fact(facts, 'what')}, which is out of reach behind a gap`,
    remedy: (facts) => {
      const where = facts['objectNamespace'] === undefined ? '' : `-n ${word(facts, 'objectNamespace')} `;
      const name = `${word(facts, 'resource')} ${word(facts, 'object')}`;
      return [
        'See whether it still works, and who made it (a chart, Git, a person):',
        `$ kubectl ${where}get ${name} -o yaml`,
        `Copy what it fetches to a server inside, and name that one in ${fact(facts, 'field')}, at its source first:`,
        `$ kubectl ${where}edit ${name}`,
        'If nothing needs it, delete it:',
        `$ kubectl ${where}delete ${name}`,
      ];
    },
    explanation:
      'Charts and examples come with the addresses of their projects, and work while a cluster is tried out with a connection. Behind the gap the controller tries again for ever, and what it should bring is never updated; a webhook out of reach blocks or is passed over. The object may also be left over from a trial. Only hosts that are known to be on the internet are told.',
    confirm: [
      '$ kubectl get gitrepositories,ocirepositories,helmrepositories -A',
      '$ kubectl get services -A --field-selector spec.type=ExternalName',
    ],
  },
  /** `host`, `images` (how many), `image` (one of them). */
  'image-from-internet': {
    title: 'pods name images of a public registry',
    severity: 'warning',
    owner: 'author of the manifest',
    summary: (facts) =>
      `pods name ${fact(facts, 'images') === '1' ? 'an image' : `${fact(facts, 'images')} images`} of ${fact(facts, 'host')}, a public registry, and no policy rewrites ${fact(facts, 'images') === '1' ? 'it' : 'them'}`,
    remedy: (facts) => [
      'List them, with what needs each:',
      '$ kubectl airgap images',
      `$ kubectl airgap images --why ${word(facts, 'image')}`,
      'Let a policy rewrite them to your mirror, here my-registry.local. Write it, see what it would do, and begin in the mode Audit, which changes nothing:',
      `$ cat > airgap-policy.yaml <<'EOF'\n${policyFor(fact(facts, 'host'))}\nEOF`,
      `$ kubectl airgap explain image --policy airgap-policy.yaml ${word(facts, 'image')}`,
      'If the runtime of every node has a mirror for it (hosts.toml of containerd, registries.yaml of k3s), this is as it should be. On a node, see:',
      `$ sudo cat /etc/containerd/certs.d/${word(facts, 'host')}/hosts.toml`,
    ],
    explanation:
      'The image is named after a registry that is on the internet and nowhere else. A pod with it starts where the node holds the image already, or where the runtime sends requests for that registry to a mirror; the API shows neither. Elsewhere the pull fails, at the latest when the pod is moved to another node.',
    confirm: [
      "$ kubectl get pods -A -o custom-columns='NAMESPACE:.metadata.namespace,NAME:.metadata.name,IMAGES:.spec.containers[*].image'",
    ],
  },
  /** `resolvers`, `zone`, `configNamespace`, `config`. */
  'dns-forwards-out': {
    title: 'the name servers of the cluster ask a resolver of the internet',
    severity: 'warning',
    owner: 'cluster administrator',
    summary: (facts) =>
      `CoreDNS passes questions for the zone ${fact(facts, 'zone')} on to ${fact(facts, 'resolvers')}, which does not answer behind a gap`,
    remedy: (facts) => [
      `Name your own resolvers in the forward line, or /etc/resolv.conf to ask whom the node asks; without any, delete the line and names that are not of the cluster fail at once:`,
      `$ kubectl -n ${word(facts, 'configNamespace')} edit configmap ${word(facts, 'config')}`,
      'CoreDNS reads it again within a minute or two if its Corefile has the line reload; else:',
      `$ kubectl -n ${word(facts, 'configNamespace')} rollout restart deployment coredns`,
    ],
    explanation:
      'A Corefile that was written for a cluster with a connection forwards what is not of the cluster to public resolvers. Behind the gap those questions are dropped, so that CoreDNS waits for its timeout each time and pods wait with it, often several times for each name because of the search list. Programs then seem slow rather than broken.',
    confirm: ["$ kubectl -n kube-system get configmap coredns -o jsonpath='{.data.Corefile}'"],
  },
};
