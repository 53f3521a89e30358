import type { Program, Running } from './processes.ts';
import { startProgram } from './processes.ts';
import type { Slot } from './state.ts';

/**
 * Where the programs of a cluster run: directly on this machine's loopback, or in network, mount and process
 * namespaces of their own, from which nothing outside can be reached.
 */
export interface Place {
  readonly slot: Slot;
  /** The address that the API server listens on and tests reach it at. */
  readonly address: string;
  /** The address of this process's side, that registries and webhooks of the tests listen on. */
  readonly hostAddress: string;
  start(program: Program): Running;
}

/** The loopback of this machine: enough for a control plane, needs no root. */
export function onLoopback(slot: Slot): Place {
  const address = '127.0.0.1';
  return { slot, address, hostAddress: address, start: (program) => startProgram(slot, program) };
}
