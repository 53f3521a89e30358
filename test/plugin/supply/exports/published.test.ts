import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { exporters } from '../../../../plugin/supply/exports/index.ts';
import { everything } from './everything.ts';
import { lockOf } from './lock.ts';

/**
 * The structure that the tools publish, for those that cannot be built here: every key that they know of what an export
 * writes, and no other, because hauler passes over a key that it does not know without a word.
 */
const text = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const object = (properties: Readonly<Record<string, object>>, required: readonly string[]): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: object): object => ({ type: 'array', minItems: 1, items });
const texts = (...names: readonly string[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, text]));

/** hauler 2.1: content.hauler.cattle.io/v1, Images and Files. */
const hauler = (kind: string, spec: object): object =>
  object(
    {
      apiVersion: { const: 'content.hauler.cattle.io/v1' },
      kind: { const: kind },
      metadata: object({ ...texts('name'), annotations: { type: 'object' } }, ['name']),
      spec,
    },
    ['apiVersion', 'kind', 'metadata', 'spec'],
  );
const haulerImage = object(
  {
    ...texts('name', 'key', 'platform', 'ca-file', 'certificate-identity', 'certificate-oidc-issuer'),
    // A name by digest has no tag of its own, so that the rewrite has to give one.
    rewrite: { type: 'string', pattern: '^[a-z0-9][a-z0-9._\\-\\/]*:[A-Za-z0-9_][A-Za-z0-9._\\-]{0,127}$' },
    'exclude-extras': flag,
    'insecure-skip-tls-verify': flag,
  },
  ['name', 'rewrite'],
);
const haulerFile = object({ ...texts('path', 'name', 'ca-file'), 'insecure-skip-tls-verify': flag }, ['path']);

/** uds-cli: uds.schema.json. */
const udsPackage = object(
  {
    ...texts('name', 'description', 'repository', 'path', 'ref', 'namespace', 'timeout', 'flavor', 'publicKey'),
    optionalComponents: list(text),
  },
  ['name', 'ref'],
);
const uds = object(
  {
    kind: { const: 'UDSBundle' },
    metadata: object(
      {
        ...texts('description', 'version', 'url', 'architecture', 'authors', 'documentation', 'source', 'vendor'),
        name: { type: 'string', pattern: '^[a-z0-9\\-]+$' },
        uncompressed: flag,
      },
      ['name'],
    ),
    packages: list(udsPackage),
  },
  ['kind', 'metadata', 'packages'],
);

/** oc-mirror v2: mirror.openshift.io/v2alpha1, decoded strictly; what its validation asks of a target. */
const path = '([a-z0-9]+((?:[._]|__|[\\-]*)[a-z0-9]+)*)';
const ocMirrorImage = object(
  {
    ...texts('name', 'targetTag'),
    targetRepo: { type: 'string', pattern: `^${path}(\\/${path})*$` },
    platforms: list(object(texts('os', 'architecture'), ['os', 'architecture'])),
  },
  ['name'],
);
const ocMirror = object(
  {
    kind: { const: 'ImageSetConfiguration' },
    apiVersion: { const: 'mirror.openshift.io/v2alpha1' },
    archiveSize: { type: 'integer', minimum: 1 },
    mirror: object({ additionalImages: list(ocMirrorImage) }, ['additionalImages']),
  },
  ['kind', 'apiVersion', 'mirror'],
);

const published = {
  hauler: [
    hauler('Images', object({ images: list(haulerImage) }, ['images'])),
    hauler('Files', object({ files: list(haulerFile) }, ['files'])),
  ],
  uds: [uds],
  'oc-mirror': [ocMirror],
} as const satisfies Partial<Record<keyof typeof exporters, readonly object[]>>;

test('what cannot be run here is written as hauler, uds and oc-mirror publish it', async () => {
  const ajv = new Ajv({ allErrors: true });
  const single = lockOf({ 'quay.io/acme/app:1': 'm.internal/acme/app:1' }, ['linux/amd64']);
  for (const [to, schemas] of Object.entries(published) as [keyof typeof published, readonly object[]][])
    for (const lock of [everything, single])
      for (const { text: written } of (await exporters[to]())(lock, { plainHttp: [], name: 'airgap' }).files) {
        const documents = parseAllDocuments(written) as { toJS(): unknown }[];
        assert.equal(documents.length, schemas.length);
        documents.forEach((document, i) => {
          const schema = schemas[i] ?? {};
          assert.ok(ajv.validate(schema, document.toJS()), `${to}: ${ajv.errorsText()}\n${written}`);
        });
      }
});
