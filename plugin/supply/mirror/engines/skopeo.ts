import type { Login } from '../../../../shared/registry/secret.ts';
import type { Repository } from '../../../registry/line.ts';
import type { Access, Accesses, Engine } from './engine.ts';

const [logins, registries, policy, certificates] = ['auth.json', 'registries.conf', 'policy.json', 'certs'];

/**
 * skopeo, from 1.6 on. It copies an index with all of its manifests, or alone after some of them; what is found by the
 * referrers list it copies by digest, and in a registry that keeps no such list nobody finds it there.
 */
export const skopeo: Engine = {
  name: 'skopeo',
  files: ({ source, target, ca, signaturePolicy }) => ({
    [logins]: JSON.stringify({ auths: { ...entry(source), ...entry(target) } }),
    // The machine's own file may lead a name to other registries than the lock says.
    [registries]: 'unqualified-search-registries = []\n',
    ...(signaturePolicy === null ? { [policy]: '{"default":[{"type":"insecureAcceptAnything"}]}\n' } : {}),
    ...(ca === undefined ? {} : { [`${certificates}/ca.crt`]: ca }),
  }),
  environment: () => ({}),
  calls: ({ source, target, digest, tag, children, artifacts }, accesses, folder) => {
    const call = (what: readonly string[], from: string, to: string): string[] => [
      ...general(accesses, folder),
      'copy',
      '--preserve-digests',
      ...what,
      '--authfile',
      `${folder}/${logins}`,
      ...side('src', accesses.source, accesses.ca, folder),
      ...side('dest', accesses.target, accesses.ca, folder),
      from,
      to,
    ];
    const image = tag === null ? at(target, digest) : `docker://${name(target)}:${tag}`;
    return [
      ...(children ?? []).map((child) => call([], at(source, child.digest), at(target, child.digest))),
      call(children === null ? ['--all'] : ['--multi-arch', 'index-only'], at(source, digest), image),
      ...artifacts.map((one) =>
        call(
          ['--all'],
          at(source, one.digest),
          one.tag === null ? at(target, one.digest) : `docker://${name(target)}:${one.tag}`,
        ),
      ),
    ];
  },
};

function general({ signaturePolicy }: Accesses, folder: string): string[] {
  return [
    '--registries-conf',
    `${folder}/${registries}`,
    ...(signaturePolicy === null ? ['--policy', `${folder}/${policy}`] : []),
  ];
}

function side(which: 'src' | 'dest', { plainHttp }: Access, ca: string | undefined, folder: string): string[] {
  return [
    `--${which}-tls-verify=${!plainHttp}`,
    ...(ca === undefined ? [] : [`--${which}-cert-dir`, `${folder}/${certificates}`]),
  ];
}

function entry({ repository, login }: Access): Record<string, object> {
  return login === null ? {} : { [name(repository)]: credentials(login) };
}

function credentials(login: Login): object {
  switch (login.kind) {
    case 'basic':
      return { auth: base64(`${login.username.reveal()}:${login.password.reveal()}`) };
    case 'identity':
      return { auth: base64('<token>:'), identitytoken: login.token.reveal() };
    case 'bearer':
      return {};
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function name({ host, path }: Repository): string {
  return `${host}/${path}`;
}

function at(repository: Repository, digest: string): string {
  return `docker://${name(repository)}@${digest}`;
}
