import type { Certificate } from '../../../shared/cert/certificate.ts';
import { lifeOf, plainTime } from '../../../shared/cert/life.ts';
import type { ConfigMap } from '../../../shared/kube/config-map.ts';
import { controlPlane } from '../certs/control-plane.ts';
import { together, type Holder } from '../certs/holder.ts';
import { judgeCertificate } from '../certs/judge-certificate.ts';
import { inTrustStore } from '../certs/trust-store.ts';
import { nameOf } from '../certs/words.ts';
import type { Check } from '../check.ts';
import type { Finding } from '../finding.ts';

export const configMapCertificates: Check = {
  id: 'AG-CRT-007',
  category: 'certs',
  title: 'the CAs that ConfigMaps publish are in date',
  explanation:
    'ConfigMaps hand out the CAs that programs in the cluster trust: kube-root-ca.crt in every namespace, the CAs by which the API server knows clients and aggregated APIs know the API server, and trust bundles of service meshes and companies. Each CA is judged once, with all ConfigMaps that hold it. Bundles of more than ten CAs are copies of public trust stores and are not judged.',
  needs: ['configmaps'],
  wants: ['nodes'],
  run: (snapshot, { now }) => {
    const places = new Map<string, { certificate: Certificate; holders: [Holder, ...Holder[]] }>();
    const keeper = controlPlane(snapshot).ca;
    for (const configMap of snapshot.configmaps.items)
      for (const { key, bundle } of configMap.bundles) {
        if (inTrustStore(bundle) || isFrontProxy(configMap, key)) continue;
        for (const certificate of bundle.certificates) {
          const holder = holderOf(configMap, key, keeper);
          const known = places.get(certificate.fingerprint);
          if (known === undefined) places.set(certificate.fingerprint, { certificate, holders: [holder] });
          else known.holders.push(holder);
        }
      }
    return [
      ...[...places.values()].flatMap(({ certificate, holders }) =>
        judgeCertificate(certificate, together(holders), now),
      ),
      ...snapshot.configmaps.items.flatMap((configMap) => frontProxy(configMap, keeper, now)),
    ];
  },
};

const ofTheCluster = new Set(['kube-root-ca.crt', 'extension-apiserver-authentication', 'cluster-info']);

function holderOf(configMap: ConfigMap, key: string, keeper: Holder['renew']): Holder {
  const { namespace, name } = configMap.meta;
  return {
    where: `ConfigMap ${namespace}/${name}, key ${key}`,
    renew: ofTheCluster.has(name) ? keeper : 'config-map',
    details: { configMapNamespace: namespace, configMap: name, configMapKey: key },
    automatic: false,
    objects: [{ kind: 'ConfigMap', namespace, name }],
  };
}

function isFrontProxy({ meta }: ConfigMap, key: string): boolean {
  return (
    meta.namespace === 'kube-system' &&
    meta.name === 'extension-apiserver-authentication' &&
    key === 'requestheader-client-ca-file'
  );
}

/** An ended front-proxy CA has a cause of its own, because what it breaks is elsewhere: every aggregated API. */
function frontProxy(configMap: ConfigMap, keeper: Holder['renew'], now: Date): Finding[] {
  return configMap.bundles
    .filter(({ key }) => isFrontProxy(configMap, key))
    .flatMap(({ key, bundle }) => {
      const holder = holderOf(configMap, key, keeper);
      const [longest] = bundle.certificates.toSorted((a, b) => b.notAfter - a.notAfter);
      if (longest === undefined) return [];
      if (lifeOf(longest, now).stage !== 'expired') return judgeCertificate(longest, holder, now);
      const facts = { fault: 'expired', subject: nameOf(longest), expires: plainTime(longest.notAfter), renew: keeper };
      return judgeCertificate(longest, holder, now)
        .filter(({ cause }) => cause === 'cert-expired')
        .map((finding) => ({ ...finding, cause: 'front-proxy-ca' as const, facts }));
    });
}
