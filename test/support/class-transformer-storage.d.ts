declare module 'class-transformer/cjs/storage.js' {
  /** What `@Type` declared; the package exports it without its types. */
  export const defaultMetadataStorage: {
    findTypeMetadata(target: unknown, property: string): { readonly typeFunction: () => unknown } | undefined;
  };
}
