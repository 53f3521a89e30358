import manifest from '../package.json' with { type: 'json' };

/** The version of both programs, as package.json says it. */
export const release: string = manifest.version;
