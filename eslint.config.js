import tseslint from 'typescript-eslint';

/** What may not be written, and what to write instead. */
const bans = {
  date: {
    selector: "NewExpression[callee.name='Date'], CallExpression[callee.name='Date'], MemberExpression[object.name='Date']",
    message: 'Time is an Instant (src/domain/instant.ts); the server asks Clock or now().',
  },
  chance: {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Rules know no chance: ids and draws come in the command.',
  },
  ormWrites: {
    selector: 'CallExpression[callee.property.name=/^(save|upsert|createQueryRunner)$/]',
    message: 'Folded tables are written by the writer; other rows by a statement in a .queries.ts.',
  },
  only: {
    selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
    message: 'Every test runs, always.',
  },
};
const banned = (...names) => ({ 'no-restricted-syntax': ['error', ...names.map((name) => bans[name])] });

export default tseslint.config(
  { ignores: ['dist/', 'dist-web/', 'var/', 'docs/generated/', 'coverage/', 'data/', '**/node_modules/', 'client/dist/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...banned('date', 'ormWrites', 'only'),
      // `default: return assertNever(x)` is exhaustive by its type, `default: return []` by decision.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // The classes of a `.dto.ts` are shapes without behaviour: an object literal is one of them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // `parseId<CorridorId>(text)`: the caller says which brand it parses.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['src/domain/**'],
    rules: {
      ...banned('date', 'chance', 'ormWrites'),
      'no-restricted-globals': ['error', 'process', 'Buffer', 'console', 'crypto', 'performance', 'fetch', 'setTimeout', 'setInterval'],
    },
  },
  // The one place of the rules that knows Date.
  { files: ['src/domain/instant.ts'], rules: banned('chance', 'ormWrites') },
  // It notices by the wall clock that the monotonic one slept.
  { files: ['client/device-clock.ts'], rules: banned('ormWrites', 'only') },
  // The framework fills these fields.
  { files: ['**/*.dto.ts', '**/*.gateway.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    // Pages, tests and the player of old records stand outside the log: they know real time and calendars.
    files: ['dashboard/**', 'test/**', 'bench/**', 'src/cli/play.ts', 'src/cli/play/**'],
    rules: { ...banned('ormWrites', 'only') },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // a missing thing fails the test with a line number
      // bodies of answers are compared, not typed
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
