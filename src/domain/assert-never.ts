/** The end of an exhaustive switch: does not compile while a case is missing, and fails loudly if one arrives from outside all the same. */
export function assertNever(value: never): never {
  throw new TypeError(`not a known case: ${JSON.stringify(value)}`);
}
