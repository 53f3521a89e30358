import type { Facts } from '../finding.ts';
import { shell } from '../shell.ts';
import { fact, word, type Cause } from './cause.ts';
import type { IdOf } from './ids.ts';
import { counterpart, host, onNode, repository, showConfiguration, tryAgain } from './place.ts';
import { lookAgain, nameToo, viewer } from './seen.ts';

/** What the pod brings with it. */
const brings = (facts: Facts): string => {
  if (facts['login'] === 'own') return 'it was asked with your own login';
  return facts['secrets'] === undefined
    ? 'the pod names no pull secret'
    : `the pod names the pull secret ${facts['secrets']}`;
};

/** A name of its own for each registry: the commands for two registries must not write over one another's secret. */
const newSecret = (facts: Facts): string => {
  const name = host(facts)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `login-${name}`;
};

const firstSecret = (facts: Facts): string =>
  facts['secret'] === undefined ? (facts['secrets']?.split(', ')[0] ?? newSecret(facts)) : facts['secret'];

function makeSecret(facts: Facts): readonly string[] {
  const name = shell(firstSecret(facts));
  return [
    `$ kubectl create secret docker-registry ${name} -n ${word(facts, 'namespace')} --docker-server=${host(facts)} --docker-username=USER --docker-password=PASSWORD --dry-run=client -o yaml | kubectl apply -f -`,
  ];
}

const nameSecret = (facts: Facts): readonly string[] => [
  'Pods take it up when they are made, from their own spec.imagePullSecrets or from their service account:',
  // Added to the list: a merge patch would drop the secrets that the account names already.
  `$ kubectl get serviceaccount ${shell(facts['account'] ?? 'default')} -n ${word(facts, 'namespace')} -o json | jq ${shell(`.imagePullSecrets = ((.imagePullSecrets // []) + [{"name":${JSON.stringify(firstSecret(facts))}}] | unique)`)} | kubectl replace -f -`,
];

const seeHosts = (facts: Facts): string =>
  `$ kubectl get secret ${shell(firstSecret(facts))} -n ${word(facts, 'namespace')} -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d | jq '.auths | keys'`;

const confirmLogin = [
  'See which pull secrets the pod names, and for which hosts such a secret has an entry:',
  "$ kubectl get pod NAME -n NAMESPACE -o jsonpath='{.spec.imagePullSecrets}'",
  "$ kubectl get secret SECRET -n NAMESPACE -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d | jq '.auths | keys'",
  'Try the same login by hand, on the node or anywhere that reaches the registry:',
  '$ sudo crictl pull --creds USER:PASSWORD IMAGE',
];

const summaries: Readonly<Record<string, (facts: Facts) => string>> = {
  missing: (facts) => `pull secret ${fact(facts, 'secret')} does not exist in namespace ${fact(facts, 'namespace')}`,
  elsewhere: (facts) =>
    `pull secret ${fact(facts, 'secret')} does not exist in namespace ${fact(facts, 'namespace')}, only in ${fact(facts, 'namespaces')}`,
  type: (facts) =>
    `${fact(facts, 'secret')} in namespace ${fact(facts, 'namespace')} is no pull secret: its type is ${fact(facts, 'type')}`,
  malformed: (facts) =>
    `pull secret ${fact(facts, 'secret')} in namespace ${fact(facts, 'namespace')} cannot be used: ${fact(facts, 'detail')}`,
  host: (facts) =>
    `none of the pull secrets of the pod (${fact(facts, 'secrets')}) has a login for ${fact(facts, 'host')}`,
};

function secretRemedy(facts: Facts): readonly string[] {
  const { why, from } = facts;
  const remove = `$ kubectl delete secret ${word(facts, 'secret')} -n ${word(facts, 'namespace')}`;
  if (why === 'elsewhere')
    return [
      `A pod can only use secrets of its own namespace: copy it from ${from ?? 'the other one'}:`,
      `$ kubectl get secret ${word(facts, 'secret')} -n ${word(facts, 'from')} -o json | jq 'del(.metadata.namespace,.metadata.uid,.metadata.resourceVersion,.metadata.creationTimestamp,.metadata.ownerReferences,.metadata.managedFields)' | kubectl apply -n ${word(facts, 'namespace')} -f -`,
    ];
  if (why === 'type')
    return ['The type of a secret cannot be changed, so delete it and make it anew:', remove, ...makeSecret(facts)];
  if (why === 'host')
    return [
      'See which hosts it has entries for; host and port must be written as in the image reference, without https:// :',
      seeHosts(facts),
      'Make it anew with every registry that these pods use, or add a second one for this registry:',
      ...makeSecret({ ...facts, secret: newSecret(facts) }),
      ...nameSecret({ ...facts, secret: newSecret(facts) }),
    ];
  return [
    why === 'malformed' ? 'Make it anew; kubectl writes the format that the kubelet reads:' : 'Create it:',
    ...makeSecret(facts),
  ];
}

export const credentials: Readonly<Record<IdOf<'credentials'>, Cause>> = {
  'auth-required': {
    title: 'the registry wants a login and got none',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) => `${counterpart(facts)} wants a login and got none: ${brings(facts)}`,
    remedy: (facts) => [
      ...(facts['secrets'] === undefined
        ? []
        : [
            'The secret has no entry for this host, or does not exist in this namespace; see its hosts:',
            seeHosts(facts),
          ]),
      'Create a pull secret in the namespace of the pod:',
      ...makeSecret(facts),
      ...nameSecret(facts),
      'Then let the pods be made anew (kubectl rollout restart for a Deployment), because a pod keeps the list of secrets it was made with.',
    ],
    explanation:
      "The registry answered 401 to a request without credentials. The pod names no pull secret, or the one it names does not exist in its namespace, or has no entry for exactly this host and port: then the kubelet sends nothing and says nothing. A mirror that passes requests on to a registry on the internet can ask for that registry's login in the same words.",
    confirm: confirmLogin,
    example:
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
  },
  'auth-denied': {
    title: 'the registry refuses this login',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `${counterpart(facts)} refused the request${facts['status'] === undefined ? '' : ` (${facts['status'].trim()})`}: wrong or expired password, or no right to pull this image; ${brings(facts)}`,
    remedy: (facts) =>
      facts['login'] === 'own'
        ? ['Log in again from here:', `$ skopeo login ${host(facts)}`, ...lookAgain(facts)]
        : [
            'Try the login by hand from the node:',
            `$ sudo crictl pull --creds USER:PASSWORD ${word(facts, 'image')}`,
            'If it fails too, have the password renewed or the account given the right to pull this repository (robot accounts of Harbor and deploy tokens of GitLab expire).',
            'If it works, the pull secret holds something else: make it anew.',
            ...makeSecret(facts),
          ],
    explanation:
      'The registry knows who asks, or has decided that it need not, and says no. With 401 the user name or password is wrong, expired or locked; with 403 the login is good and the right to pull this repository is missing, or a rule about addresses refuses the node. Tokens of cloud registries live for hours only and have to be renewed by a helper on the node.',
    confirm: confirmLogin,
    example:
      'unexpected status from HEAD request to https://registry.example.com/v2/team/app/manifests/1.0: 403 Forbidden',
  },
  'auth-token-service': {
    title: 'the token service of the registry does not work',
    severity: 'error',
    owner: 'registry administrator',
    summary: (facts) =>
      `the registry sends its clients to ${facts['role'] === 'token' ? fact(facts, 'host') : 'a token service'} for a token, and that ${facts['named'] === 'no' ? 'was not named, so it was not contacted' : `does not work from ${viewer(facts)}`}`,
    remedy: (facts) => [
      ...(facts['named'] === 'no' ? nameToo(facts) : []),
      'See where the registry sends its clients (the realm in the answer):',
      `$ curl -sS -k -D - -o /dev/null https://${registry(facts)}/v2/ | grep -i www-authenticate`,
      'If that is a host on the internet (such as auth.docker.io), the mirror only passes requests through: configure it to hold images of its own and to log in by itself.',
      'If it is a host of your own, the nodes must resolve and reach it and trust its certificate, just like the registry:',
      `$ curl -sS -o /dev/null -w '%{http_code}\\n' 'https://${facts['role'] === 'token' ? host(facts) : 'REALM'}/'`,
      ...tryAgain(facts),
    ],
    explanation:
      'Many registries give out tokens at a second address, the realm, which can be another host. The node reached the registry, followed it there, and failed: the realm does not resolve, is blocked, answers with an error or with a web page. A registry behind a new name often still announces its old one as the realm.',
    confirm: [
      'See the realm:',
      '$ curl -sS -k -D - -o /dev/null https://HOST/v2/ | grep -i www-authenticate',
      'On the node, ask it; a JSON document with a token, or 401, is good:',
      "$ curl -sS 'REALM?service=SERVICE&scope=repository:REPOSITORY:pull'",
    ],
    example:
      'failed to authorize: failed to fetch anonymous token: Get "https://auth.example.com/token?service=registry.example.com": dial tcp: lookup auth.example.com: no such host',
  },
  'auth-or-not-found': {
    title: 'the registry denies access, or there is no such repository',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) =>
      `${counterpart(facts)} denies access to the repository; registries say the same when it does not exist (${brings(facts)})`,
    remedy: (facts) => [
      'Find out which of the two it is, with a login that may see the repository:',
      `$ crane ls ${repository(facts)}`,
      'If the repository is not there, correct the name or copy the image into the registry:',
      `$ crane copy SOURCE ${word(facts, 'image')}`,
      'If it is there, the pod needs a pull secret that may pull it:',
      ...makeSecret(facts),
      ...nameSecret(facts),
    ],
    explanation:
      'So as not to tell strangers which repositories exist, registries give one answer for "you may not" and "there is none". A misspelt path, an image that was never copied into the gap and a pull secret without the right look alike until somebody with the right looks.',
    confirm: confirmLogin,
    example:
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  },
  'pull-secret-missing': {
    title: 'a pull secret that a pod names is missing or of no use',
    severity: 'error',
    owner: 'author of the manifest',
    summary: (facts) => (summaries[facts['why'] ?? 'missing'] ?? summaries['missing'] ?? String)(facts),
    remedy: secretRemedy,
    explanation:
      'A pod names its pull secrets by name only, and the kubelet looks for them in the namespace of the pod. One that does not exist, is not of the type kubernetes.io/dockerconfigjson (or the older dockercfg), or cannot be read is passed over, and the pull is tried without it; what the registry then says is all that shows. The host of an entry must be written exactly as in the image reference, with its port.',
    confirm: [
      'The secrets that the pod names, and those that there are:',
      "$ kubectl get pod NAME -n NAMESPACE -o jsonpath='{.spec.imagePullSecrets}'",
      '$ kubectl get secrets -n NAMESPACE --field-selector type=kubernetes.io/dockerconfigjson',
    ],
    example:
      'Unable to retrieve some image pull secrets (registry-login); attempting to pull the image may not succeed.',
  },
  'credential-provider': {
    title: 'the credential helper of the node fails',
    severity: 'error',
    owner: 'node administrator',
    summary: (facts) => `the program that should give the node a login for ${fact(facts, 'host')} fails`,
    remedy: (facts) => [
      `${onNode(facts)}, see which program the kubelet is told to run for which images, and what it said:`,
      "$ ps -o args= -C kubelet | tr ' ' '\\n' | grep image-credential-provider",
      '$ sudo journalctl -u kubelet --since -1h | grep -i credential',
      'Install the program in that directory and make it executable, or take its entry out of the configuration. Helpers of cloud registries ask a service on the internet and cannot work in a gap: use pull secrets instead.',
      ...(facts['runtime'] === 'cri-o' ? showConfiguration(facts) : []),
    ],
    explanation:
      'The kubelet can run programs that bring a login for certain registries (--image-credential-provider-config), and containers/image can use docker-credential helpers. Such a program is missing, not executable, or cannot reach the service that it asks for a token. The pull then goes on without a login or ends here.',
    confirm: ['On the node:', '$ sudo journalctl -u kubelet --since -1h | grep -i credential'],
    example:
      'error execing credential provider plugin ecr-credential-provider for image registry.example.com/team/app: exit status 1',
  },
};

function registry(facts: Facts): string {
  return facts['role'] === 'token' && facts['upstream'] !== undefined
    ? host({ host: facts['upstream'] }).replace(/^docker\.io$/, 'registry-1.docker.io')
    : host(facts);
}
