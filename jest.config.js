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

const project = (displayName, settings) => ({
  displayName,
  roots: ['<rootDir>/test'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' }, // an import names what its source becomes
  setupFiles: ['reflect-metadata'],
  ...settings,
});

// Plain JavaScript: Jest loads them without a transform. They bring the one PostgreSQL of the run, when a test of that project runs.
const database = {
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
};

export default {
  projects: [
    project('domain', { testMatch: ['<rootDir>/test/domain/**/*.test.ts'] }),
    project('server', {
      ...database,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/domain/', '<rootDir>/test/browser/'],
    }),
    project('browser', { ...database, testMatch: ['<rootDir>/test/browser/**/*.test.ts'] }),
  ],
  coverageProvider: 'v8',
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/longest-first.js',
  workerIdleMemoryLimit: '400MB', // modules of a file that boots the server are not freed
  testTimeout: 30_000,
};
