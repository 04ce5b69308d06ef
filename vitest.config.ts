import { defineConfig } from 'vitest/config';

const reporters = ['default', './test/closing-count-reporter.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'engine', root: 'engine', include: ['src/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: { name: 'language-server', root: 'language-server', include: ['src/**/*.test.ts'], testTimeout: 30_000 },
      },
      { test: { name: 'extension', root: 'extension', include: ['src/**/*.test.ts'] } },
      {
        test: {
          name: 'across',
          root: 'test',
          include: ['*.test.ts', 'language-server/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          root: 'test',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
    reporters,
    maxWorkers: 2,
  },
});
