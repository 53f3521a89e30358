import { contentFaults } from './content.ts';
import { credentialFaults } from './credentials.ts';
import type { Fault } from './fault.ts';
import { machineFaults } from './machine.ts';
import { networkFaults } from './network.ts';
import { nodeFaults } from './node.ts';
import { tlsFaults } from './tls.ts';

/** Every way in which a pod of the test cluster is kept from its image. */
export const faults: readonly Fault[] = [
  ...networkFaults,
  ...tlsFaults,
  ...credentialFaults,
  ...contentFaults,
  ...nodeFaults,
  ...machineFaults,
];
