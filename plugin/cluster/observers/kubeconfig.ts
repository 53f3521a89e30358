import { onlyCertificates } from '../../../shared/cert/bundle.ts';
import type { Observer } from '../observer.ts';

/** The certificates of the kubeconfig in use. A client-certificate file may hold the key too, which is left out here. */
export const observeKubeconfig: Observer = (connection, _snapshot, _options, visit) => {
  const { context, server, ca, clientCertificate, clientCertificateSource, insecureSkipTlsVerify } = connection;
  visit({
    context,
    server: server.origin,
    ...(ca === undefined ? {} : { ca: onlyCertificates(ca) }),
    ...(clientCertificate === undefined ? {} : { clientCertificate: onlyCertificates(clientCertificate) }),
    ...(clientCertificateSource === undefined ? {} : { source: clientCertificateSource }),
    insecure: insecureSkipTlsVerify,
  });
  return Promise.resolve(null);
};
