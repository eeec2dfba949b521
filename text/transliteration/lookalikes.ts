// Greek and Cyrillic letters that look like Latin ones. Replacing them changes what the text is to a machine (search,
// screen readers, spam filters), so it happens only where the caller asks for it. Greek capitals without a Latin
// twin (Γ, Δ, Θ, Λ, Ξ, Π, Σ, Φ, Ψ, Ω) are in GSM 03.38 themselves.

const GREEK_FROM = 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΆΈΉΊΌΎΪΫο';
const GREEK_TO__ = 'ABEZHIKMNOPTYXAEHIOYIYo';

const CYRILLIC_FROM = 'АВЕЅІЈКМНОРСТУХЁЇаеѕіјорсухё';
const CYRILLIC_TO__ = 'ABESIJKMHOPCTYXEIaesijopcyxe';

export const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ...pairs(GREEK_FROM, GREEK_TO__),
  ...pairs(CYRILLIC_FROM, CYRILLIC_TO__),
]);

function pairs(from: string, to: string): [string, string][] {
  return Array.from(from, (character, index) => [character, to[index]!]);
}
