const swc = [
  '@swc/jest',
  {
    sourceMaps: 'inline',
    module: { type: 'nodenext' },
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true, tsx: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false, react: { runtime: 'automatic' } },
    },
  },
];
const project = (displayName, ...folders) => ({
  displayName,
  roots: folders.map((folder) => `<rootDir>/test/${folder}`),
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' }, // sources are named by what they become
  setupFiles: ['reflect-metadata'],
});

export default {
  // Rules need nothing; the others share one PostgreSQL that global-setup starts.
  projects: [
    project('domain', 'domain'),
    project('server', 'platform', 'event-log', 'api', 'realtime', 'feeds', 'proof', 'acceptance'),
    project('browser', 'browser'),
  ],
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  coverageProvider: 'v8',
  workerIdleMemoryLimit: '400MB',
  maxWorkers: 2,
  testTimeout: 30_000,
  reporters: ['default'],
};
