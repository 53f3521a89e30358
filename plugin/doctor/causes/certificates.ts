import { fact, type Cause } from './cause.ts';
import { certManager } from './cert-manager.ts';
import type { IdOf } from './ids.ts';
import { keepersOfCertificates, renewal } from './renewal.ts';
import { requests } from './requests.ts';

/**
 * Facts of all `cert-…` entries: `where` (the place, as "Secret app/web, key tls.crt"), `subject`, `renew` and what the
 * keeper's steps in renewals.ts name; dates are RFC 3339.
 */
export const certificates: Readonly<Record<IdOf<'certificates'>, Cause>> = {
  ...certManager,
  ...requests,
  'cert-expired': {
    title: 'a certificate has expired',
    severity: 'error',
    owner: 'whoever issues the certificate',
    summary: (facts) =>
      `${fact(facts, 'where')}: the certificate of ${fact(facts, 'subject')} expired ${fact(facts, 'left')} ago (${fact(facts, 'expires')})`,
    remedy: (facts) => renewal(facts, keepersOfCertificates),
    explanation:
      'After its last date no client accepts a certificate any more: every new connection fails with "x509: certificate has expired or is not yet valid". Connections that were open may go on, so the fault often shows only at the next restart. Clusters behind an air gap live for years, and what was made for one year at the installation ends unseen. If many certificates seem to have expired at once, look at the clocks first.',
    confirm: ['$ date --utc', '$ openssl x509 -noout -subject -issuer -dates -in FILE'],
  },
  'cert-expiring': {
    title: 'a certificate expires soon',
    severity: 'warning',
    owner: 'whoever issues the certificate',
    summary: (facts) =>
      `${fact(facts, 'where')}: the certificate of ${fact(facts, 'subject')} expires in ${fact(facts, 'left')}, with ${fact(facts, 'share')} of its life left (${fact(facts, 'expires')})`,
    remedy: (facts) => renewal(facts, keepersOfCertificates),
    explanation:
      'How soon is soon depends on how long the certificate lives: a webhook whose certificate lives a week is healthy with three days left, and a CA of ten years is late with three months. It is a warning below a quarter of the life (at most 60 days, for a CA 180 days) and an error below a tenth (at most 7 days, for a CA 30 days). Where a controller renews by itself it is a warning only below a tenth, because until then the controller may simply not have begun.',
    confirm: ['$ openssl x509 -noout -subject -issuer -dates -in FILE'],
  },
  'cert-not-yet-valid': {
    title: 'a certificate is not valid yet',
    severity: 'error',
    owner: 'whoever issues the certificate, or who sets the clocks',
    summary: (facts) =>
      `${fact(facts, 'where')}: the certificate of ${fact(facts, 'subject')} is valid only from ${fact(facts, 'starts')}, ${fact(facts, 'left')} from now`,
    remedy: () => [
      'Compare the clocks of the machine that issued it, of the nodes and of this machine; without internet nothing corrects them unless an NTP server inside the gap does:',
      '$ date --utc',
      '$ timedatectl status',
      'Once the clocks agree, issue the certificate anew if its first date still lies ahead.',
    ],
    explanation:
      'The first date of the certificate lies in the future, so clients refuse it with "x509: certificate has expired or is not yet valid". Nearly always a clock is wrong: that of the machine that issued it runs ahead, or that of the client has fallen behind, as happens behind an air gap without an NTP server.',
    confirm: ['$ date --utc', '$ openssl x509 -noout -startdate -in FILE'],
  },
  'cert-weak-key': {
    title: 'a certificate has a short RSA key',
    severity: 'warning',
    owner: 'whoever issues the certificate',
    summary: (facts) =>
      `${fact(facts, 'where')}: the certificate of ${fact(facts, 'subject')} has an RSA key of only ${fact(facts, 'bits')} bits`,
    remedy: (facts) => [
      'Issue it anew with an RSA key of at least 2048 bits, or an EC key.',
      ...renewal(facts, keepersOfCertificates),
    ],
    explanation:
      'RSA keys under 2048 bits are refused by a growing number of clients: Go refuses those under 1024 bits outright, and distributions and FIPS settings draw the line at 2048. An update of a component can turn this into an outage.',
    confirm: ['$ openssl x509 -noout -text -in FILE | grep "Public-Key"'],
  },
  'cert-sha1': {
    title: 'a certificate is signed with SHA-1 or MD5',
    severity: 'error',
    owner: 'whoever issues the certificate',
    summary: (facts) =>
      `${fact(facts, 'where')}: the certificate of ${fact(facts, 'subject')} is signed with ${fact(facts, 'hash')}, which Kubernetes components refuse`,
    remedy: (facts) => ['Issue it anew with SHA-256.', ...renewal(facts, keepersOfCertificates)],
    explanation:
      'Since Go 1.18 no component written in Go accepts a certificate whose signature uses SHA-1 or MD5: "x509: cannot verify signature: insecure algorithm SHA1-RSA". Old company CAs and old openssl settings still issue them. A trusted root itself may be signed with SHA-1, because nobody checks the signature of a root.',
    confirm: ['$ openssl x509 -noout -text -in FILE | grep "Signature Algorithm"'],
  },
  'cert-no-san': {
    title: 'a server certificate has no subject alternative name',
    severity: 'warning',
    owner: 'whoever issues the certificate',
    summary: (facts) =>
      `${fact(facts, 'where')}: the server certificate of ${fact(facts, 'subject')} names its host only in the common name, which Kubernetes components do not read`,
    remedy: (facts) => [
      'Issue it anew with the host names as subject alternative names.',
      ...renewal(facts, keepersOfCertificates),
    ],
    explanation:
      'Components written in Go look for the name of the server only among the subject alternative names since Go 1.15 and refuse a certificate that has none: "x509: certificate relies on legacy Common Name field, use SANs instead". A client that is not written in Go may still accept it, which makes the fault confusing.',
    confirm: ['$ openssl x509 -noout -ext subjectAltName -in FILE'],
  },
  'cert-ca-before-leaf': {
    title: 'a CA expires before a certificate that it signed',
    severity: 'warning',
    owner: 'whoever keeps the CA',
    summary: (facts) =>
      `${fact(facts, 'where')}: the CA ${fact(facts, 'ca')} expires on ${fact(facts, 'caExpires')}, before the certificate of ${fact(facts, 'subject')} that it signed (${fact(facts, 'expires')})`,
    remedy: (facts) => [
      `The certificate stops working with its CA on ${fact(facts, 'caExpires')}, whatever its own date says. Renew the CA before that, publish it, then reissue the certificate.`,
      ...renewal(facts, keepersOfCertificates),
    ],
    explanation:
      'A certificate is accepted only while every certificate above it is valid too. Here the date that tools show for the leaf is later than the date at which it really stops working, so watching the leaf alone misses the outage.',
    confirm: ['$ openssl x509 -noout -subject -dates -in CA_FILE', '$ openssl x509 -noout -subject -dates -in FILE'],
  },
  'cert-not-signed-by-ca': {
    title: 'a certificate is not signed by the CA that is published for it',
    severity: 'error',
    owner: 'whoever issues the certificate',
    summary: (facts) =>
      `${fact(facts, 'where')}: the certificate of ${fact(facts, 'subject')} is not signed by the CA in ${fact(facts, 'caWhere')}`,
    remedy: (facts) => [
      `Clients that trust ${fact(facts, 'caWhere')} refuse this certificate. Find out which of the two was renewed last, and bring the other one up to it.`,
      ...renewal(facts, keepersOfCertificates),
    ],
    explanation:
      'Clients are given a CA to check the server with, and the server shows a certificate that another key signed: "x509: certificate signed by unknown authority". It usually comes from renewing one side only: a CA that was made anew under the same name has another key, and nothing but its key counts.',
    confirm: ['$ openssl verify -CAfile CA_FILE FILE'],
    example: 'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error")',
  },
  'cert-unreadable': {
    title: 'what should be a certificate cannot be read',
    severity: 'error',
    owner: 'whoever put it there',
    summary: (facts) => `${fact(facts, 'where')} holds no certificate that can be read: ${fact(facts, 'problem')}`,
    remedy: (facts) => [
      'Put PEM there: text that begins with -----BEGIN CERTIFICATE-----, encoded once.',
      ...renewal(facts, keepersOfCertificates),
    ],
    explanation:
      'The place must hold one or more certificates as PEM, and does not. Common slips are base64 done twice, a file in DER form, a key in the place of the certificate, a placeholder of a template that nobody filled in, and lines that lost their breaks. Kubernetes stores such bytes without a word; the failure comes when somebody connects.',
    confirm: ['$ openssl x509 -noout -subject -in FILE'],
  },
  'clock-skew': {
    title: 'the clocks of this machine and of the API server differ',
    severity: 'warning',
    owner: 'who sets the clocks',
    summary: (facts) =>
      `the API server's clock is ${fact(facts, 'skew')} ${fact(facts, 'direction')} of this machine's`,
    remedy: () => [
      'Find out which one is wrong, and let both follow an NTP server inside the gap:',
      '$ date --utc',
      '$ timedatectl status',
      '$ chronyc tracking',
    ],
    explanation:
      'Certificates, tokens and leases are judged by clocks. With a clock that is wrong by minutes, tokens are refused; with one that is wrong by days, good certificates are refused as expired or not valid yet. Behind an air gap the default NTP servers are out of reach, and clocks drift apart.',
    confirm: ['$ date --utc', '$ kubectl get --raw /version -v=8 2>&1 | grep -i "date:"'],
  },
};
