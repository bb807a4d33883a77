import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/domain/canonical-json.js';

describe('canonical JSON', () => {
  it('is JSON of the same value, without spaces, on one line', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).toHaveLength(JSON.stringify(value).length);
        expect(text).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it('writes every text as JSON does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(canonicalJson(text)).toBe(JSON.stringify(text));
      }),
    );
    for (const text of ['"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u2028', '\ud800', '\udfff', '\ue000', '\uffff', 'Вишгород', '🕊️'])
      expect(canonicalJson(text)).toBe(JSON.stringify(text));
  });

  it('is the same text whatever the order of the members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
      }),
    );
    expect(canonicalJson({ b: [undefined, null, -0], a: { y: undefined, x: 1 } })).toBe('{"a":{"x":1},"b":[null,null,0]}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, Symbol('x'), 1n])('has no text for %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
