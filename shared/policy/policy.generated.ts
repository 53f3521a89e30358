// Made from schema.json by "npm run generate".

export interface AirgapPolicy {
  /** Always airgap.dev/v1alpha1. */
  readonly apiVersion: 'airgap.dev/v1alpha1';
  /** Always AirgapPolicy. */
  readonly kind: 'AirgapPolicy';
  /** Standard object metadata; the policy's name shows in messages and metrics. */
  readonly metadata: {
    readonly name: string;
  };
  /** What the policy asks for. */
  readonly spec: {
    /** How strict: Audit counts and logs; Warn also tells the user; Rewrite rewrites pods and warns about what no rule covers; Enforce rewrites and rejects. A safe roll-out takes them in this order. */
    readonly mode?: 'Audit' | 'Warn' | 'Rewrite' | 'Enforce';
    /** Names that are rewritten. The longest source prefix that matches decides. */
    readonly mirrors?: readonly {
      /** What is replaced, such as docker.io/library. It matches whole path segments of the full name: quay.io/a matches quay.io/a/b, never quay.io/ab. */
      readonly sourcePrefix: string;
      /** What takes its place, such as my-registry.local/library. Path, tag and digest are kept. */
      readonly targetPrefix: string;
    }[];
    /** Names that are allowed as they are, besides every target prefix. */
    readonly allowedPrefixes?: readonly string[];
    /** Names of Secrets that are appended to a pod when it is created. They must exist in the pod's namespace. */
    readonly imagePullSecrets?: readonly string[];
    /** The namespaces that the policy covers, by their labels; all of them where it is empty or absent. A policy that selects goes before one that covers all; of two that both select a namespace, the older one applies and the other says Conflict in its status. */
    readonly namespaceSelector?: {
      /** Labels that the namespace must have. */
      readonly matchLabels?: Readonly<Record<string, string>>;
      /** Conditions that must all hold. */
      readonly matchExpressions?: readonly {
        /** The label. */
        readonly key: string;
        /** How the label is compared. */
        readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
        /** For In and NotIn. */
        readonly values?: readonly string[];
      }[];
    };
    /** Namespaces that the policy leaves alone, each with the reason. */
    readonly exemptions?: readonly {
      /** Names of namespaces. */
      readonly namespaces: readonly string[];
      /** Why they are exempt: it is shown to users and logged. */
      readonly reason: string;
    }[];
    /** Where images sit in custom resources. They are validated and never changed. */
    readonly customResources?: readonly {
      /** The API group, such as postgresql.cnpg.io. */
      readonly group: string;
      /** The kind, such as Cluster. */
      readonly kind: string;
      /** Paths to image strings; [*] stands for every element of a list. */
      readonly paths: readonly string[];
    }[];
  };
  /** Written by the webhook. */
  readonly status?: Readonly<Record<string, unknown>>;
}
