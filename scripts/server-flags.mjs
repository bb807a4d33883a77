/**
 * The flags with which our server is run, by `npm start` and when it is measured; the Dockerfile, which can't read them, repeats them.
 * Room for young objects: what a batch of writes leaves behind is collected less often (docs/performance.md).
 */
export const SERVER_FLAGS = ['--enable-source-maps', '--max-semi-space-size=32'];
