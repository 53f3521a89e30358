import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRole } from '../../../shared/kube/rbac.ts';
import { aggregated } from '../../../shared/rbac/aggregate.ts';
import { role } from './objects.ts';

function whole(name: string, selector: unknown, labels: Record<string, string> = {}): Record<string, unknown> {
  return { metadata: { name, labels }, aggregationRule: { clusterRoleSelectors: [selector] } };
}

function resourcesOf(name: string, ...roles: Parameters<typeof readRole>[0][]): string[] {
  const found = aggregated(roles.map(readRole)).find(({ meta }) => meta.name === name);
  return (found?.rules ?? []).flatMap(({ resources }) => resources);
}

const toView = { 'to-view': 'true' };

test('an aggregated role has the rules of the roles that its labels select, by name and once', () => {
  const view = whole('view', { matchLabels: toView });
  const parts = [role('z', ['get pods'], toView), role('a', ['get secrets'], toView), role('b', ['get pods'], toView)];
  assert.deepEqual(resourcesOf('view', view, ...parts, role('other', ['get nodes'])), ['secrets', 'pods']);
});

test('a chain of aggregated roles is followed, and a role never aggregates itself', () => {
  const view = whole('view', { matchLabels: toView }, { 'to-edit': 'true', 'to-view': 'true' });
  const edit = whole('edit', { matchLabels: { 'to-edit': 'true' } }, { 'to-admin': 'true' });
  const admin = whole('admin', { matchLabels: { 'to-admin': 'true' } });
  assert.deepEqual(resourcesOf('admin', admin, edit, view, role('p', ['get pods'], toView)), ['pods']);
});

test('expressions select too; rules written by hand into an aggregated role are overwritten', () => {
  const anyTier = whole('x', { matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }] });
  const own = { ...anyTier, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] };
  assert.deepEqual(resourcesOf('x', own, role('p', ['get pods'], { tier: 'b' }), role('q', ['get nodes'], {})), [
    'pods',
  ]);
});

test('a role with an aggregation rule that selects nothing has no rules; a plain one keeps its own', () => {
  assert.deepEqual(resourcesOf('x', whole('x', { matchLabels: { no: 'body' } }), role('p', ['get pods'])), []);
  assert.deepEqual(resourcesOf('p', role('p', ['get pods'])), ['pods']);
});
