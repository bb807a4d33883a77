// The import direction: domain ← platform ← event-log ← dossiers ← auth ← rooms; rooms are strangers to each other.
const below = ['domain', 'platform', 'event-log', 'dossiers', 'auth', 'cli'];
const room = `(?!(?:${below.join('|')})/)[^/]+`; // every other folder of src/
const pure = '(temporal-polyfill|temporal-spec|geographiclib-geodesic)';
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const layer = (name, from, may) =>
  rule(name, 'A layer knows the layers below it only.', { path: `^src/(${from})/` }, { path: '^src/', pathNot: `^src/(${may})/` });

const READS_SOURCES = '^src/api-docs/answer-shapes\\.ts$';
module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'With decorators, a cycle of imports is a crash at the start. Imports of types alone are gone by then.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'domain-is-pure',
      'Rules do no input or output: no Node.js, no framework; they run in browsers too.',
      { path: '^src/domain/' },
      { pathNot: `^src/domain/|/${pure}/` },
    ),
    layer('platform', 'platform', 'domain|platform'),
    layer('event-log', 'event-log', 'domain|platform|event-log'),
    layer('dossiers', 'dossiers', 'domain|platform|event-log|dossiers'),
    layer('auth', 'auth', 'domain|platform|event-log|dossiers|auth'),
    layer('rooms-are-strangers', room, 'domain|platform|event-log|dossiers|auth|$1'), // $1: the importing room itself
    rule(
      'browser-knows-domain-only',
      'Nothing of the server reaches a page.',
      { path: '^(client|dashboard)/' },
      { path: '^src/', pathNot: '^src/domain/' },
    ),
    rule('client-stands-alone', 'Others build their own pages on it.', { path: '^client/' }, { path: '^dashboard/' }),
    rule('tests-stay-outside', 'What ships imports no test.', { path: '^(src|client|dashboard|migrations)/' }, { path: '^(test|bench)/' }),
    rule('main-is-imported-by-nobody', 'It does something when imported.', {}, { path: '^src/main\\.ts$' }),
    rule(
      'packages-are-declared',
      'Only what package.json names.',
      { path: '^(src|client|migrations)/' },
      { dependencyTypes: ['npm-no-pkg', 'unknown'] },
    ),
    rule(
      'ships-without-dev-tools',
      'A production install has no devDependencies.',
      { path: '^(src|migrations)/', pathNot: READS_SOURCES },
      { dependencyTypes: ['npm-dev'], pathNot: '/@types/' },
    ),
    rule(
      'documents-are-made-before-shipping',
      'What reads the sources runs when documents are made, never in a server.',
      { path: '^src/', pathNot: '^src/cli/openapi\\.ts$' },
      { path: READS_SOURCES },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist(-web)?/' },
  },
};
