/**
 * JSON with sorted keys and no spaces: the same value always gives the same text, so that it can be hashed and compared.
 * `undefined` members are left out, as in JSON. Numbers are finite; a NaN or an infinity is a fault of ours and throws.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return textOf(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonicalJson: a number that is not finite');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? listOf(value) : recordOf(value);
    default:
      throw new TypeError(`canonicalJson: a ${typeof value} has no JSON`);
  }
}

// Joined as they grow: every event of the log goes through here, a status of some thousand characters among them.

function listOf(items: readonly unknown[]): string {
  let list = '';
  for (const item of items) list += `${list === '' ? '' : ','}${canonicalJson(item ?? null)}`;
  return `[${list}]`;
}

function recordOf(record: object): string {
  let members = '';
  for (const name of Object.keys(record).sort()) {
    const member = (record as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) members += `${members === '' ? '' : ','}${labelOf(name)}${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** Without quotes, backslashes, control characters and surrogates, a text is its own JSON. */
const PLAIN = /^[ !#-[\]-\ud7ff]*$/;

function textOf(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

const MOST_LABELS = 10_000;
const labels = new Map<string, string>();

/** Members have few names; those that people choose (parties) are bounded. */
function labelOf(name: string): string {
  let label = labels.get(name);
  if (label === undefined) {
    label = `${JSON.stringify(name)}:`;
    if (labels.size < MOST_LABELS) labels.set(name, label);
  }
  return label;
}
