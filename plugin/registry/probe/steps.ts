import type { Fault, FaultCode } from '../../../shared/registry/fault.ts';
import type { ProbeStep, ProbeStepName } from '../../../shared/registry/probe.ts';

export function passed(step: ProbeStepName, host: string, detail: string): ProbeStep {
  return { step, ok: true, fault: null, host, role: 'registry', detail };
}

export function failed(step: ProbeStepName, host: string, fault: FaultCode, detail: string): ProbeStep {
  return { step, ok: false, fault, host, role: 'registry', detail };
}

/** The step at which the client met a fault. */
export function faulted(step: ProbeStepName, { code, host, role, detail }: Fault): ProbeStep {
  return { step, ok: false, fault: code, host, role, detail };
}
