interface Policy {
  readonly createScriptURL: (url: string) => string;
  readonly createHTML: (html: string) => string;
}
interface TrustedTypes {
  readonly defaultPolicy: unknown;
  readonly createPolicy: (name: 'default', policy: Policy) => unknown;
}

/**
 * The pages' policy asks for trusted types. MapLibre starts its worker from an address: ours pass, nothing else does. It may set no HTML.
 */
export function allowOurScripts(): void {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined || trustedTypes.defaultPolicy !== null) return;
  trustedTypes.createPolicy('default', {
    createScriptURL: (url) => {
      if (new URL(url, location.href).origin !== location.origin) throw new TypeError('only our own scripts');
      return url;
    },
    createHTML: (html) => {
      if (html !== '') throw new TypeError('no HTML from strings');
      return html;
    },
  });
}
