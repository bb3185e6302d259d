/** The language of this page; digits as the server writes them, whatever a locale would prefer. */
export const locale = `${globalThis.document?.documentElement.lang || "en"}-u-nu-latn`;
