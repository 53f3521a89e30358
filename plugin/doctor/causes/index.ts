import { admission } from './admission.ts';
import { api } from './api.ts';
import { between } from './between.ts';
import { certificates } from './certificates.ts';
import { content } from './content.ts';
import { credentials } from './credentials.ts';
import { dns } from './dns.ts';
import { egress } from './egress.ts';
import { kubelet } from './kubelet.ts';
import { limits } from './limits.ts';
import { mirror } from './mirror.ts';
import { names } from './names.ts';
import { network } from './network.ts';
import { other } from './other.ts';
import { policy } from './policy.ts';
import { rbac } from './rbac.ts';
import { signatures } from './signatures.ts';
import { tls } from './tls.ts';
import { tools } from './tools.ts';
import { volume } from './volume.ts';
import type { Cause } from './cause.ts';
import type { CauseId } from './ids.ts';

/** Every cause by its id. */
export const causes = {
  ...names,
  ...dns,
  ...network,
  ...tls,
  ...credentials,
  ...content,
  ...limits,
  ...between,
  ...mirror,
  ...signatures,
  ...kubelet,
  ...volume,
  ...other,
  ...admission,
  ...policy,
  ...egress,
  ...tools,
  ...api,
  ...rbac,
  ...certificates,
} as Readonly<Record<CauseId, Cause>>;
