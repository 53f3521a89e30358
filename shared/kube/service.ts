import { array, number, record, text, textMap, type Json } from './json.ts';
import { readMeta, type Meta } from './meta.ts';

/** The part of a Service that checks read. */
export interface Service {
  readonly meta: Meta;
  readonly type: string;
  /** Empty where somebody else keeps the endpoints. */
  readonly selector: Readonly<Record<string, string>>;
  readonly clusterIP: string;
  readonly externalName: string;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** A number, or the name of a container's port. */
  readonly targetPort: string | number;
  readonly protocol: string;
  /** The port of every node that leads here; 0 where there is none. */
  readonly nodePort: number;
}

export function readService(raw: Json): Service {
  const spec = record(raw['spec']);
  return {
    meta: readMeta(raw),
    type: text(spec['type']) ?? 'ClusterIP',
    selector: textMap(spec['selector']),
    clusterIP: text(spec['clusterIP']) ?? '',
    externalName: text(spec['externalName']) ?? '',
    ports: array(spec['ports'])
      .map(record)
      .map((port) => ({
        name: text(port['name']) ?? '',
        port: number(port['port']) ?? 0,
        targetPort: number(port['targetPort']) ?? text(port['targetPort']) ?? number(port['port']) ?? 0,
        protocol: text(port['protocol']) ?? 'TCP',
        nodePort: number(port['nodePort']) ?? 0,
      })),
  };
}
