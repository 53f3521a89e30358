import type { DoctorReport } from '../doctor/report.ts';
import type { Terminal } from './terminal.ts';

export const formatNames = ['table', 'wide', 'short', 'json', 'yaml', 'junit'] as const;
export type FormatName = (typeof formatNames)[number];

/** Lays out a report; pure. */
export type Format = (
  report: DoctorReport,
  surroundings: { readonly terminal: Terminal; readonly exitCode: number },
) => string;

/** Every output format of `doctor`, loaded when it is asked for. One line a format. */
export const formats: { readonly [N in FormatName]: () => Promise<Format> } = {
  table: async () => (await import('./table.ts')).table,
  wide: async () => (await import('./wide.ts')).wide,
  short: async () => (await import('./short.ts')).short,
  json: async () => (await import('./json.ts')).json,
  yaml: async () => (await import('./yaml.ts')).yaml,
  junit: async () => (await import('./junit.ts')).junit,
};
