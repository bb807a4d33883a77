/**
 * JSON with sorted keys and no spaces: the same value always gives the same text, so that it can be hashed and compared.
 * `undefined` members are left out, as in JSON. Numbers are finite; a NaN or an infinity is a fault of ours and throws.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonicalJson: a number that is not finite');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`canonicalJson: a ${typeof value} has no JSON`);
  // Joined as it grows: every event of the log goes through here, a status of some thousand characters among them.
  let members = '';
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${nameOf(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

const MOST_NAMES = 10_000;
const names = new Map<string, string>();

/** Members have few names; those that people choose (parties) are bounded. */
function nameOf(key: string): string {
  let name = names.get(key);
  if (name === undefined) {
    name = JSON.stringify(key);
    if (names.size < MOST_NAMES) names.set(key, name);
  }
  return name;
}
