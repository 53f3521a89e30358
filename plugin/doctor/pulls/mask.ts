/** The text with every name taken out, and the names. */
export interface Masked {
  readonly text: string;
  /** In the order of the message; each as printed, without quotes. */
  readonly urls: readonly string[];
}

/**
 * Puts placeholders where a message quotes a reference or a URL, so that an image named `unauthorized:404` or a path
 * with `not-found` in it decides nothing. `names` are references that are known to be printed without quotes.
 */
export function mask(message: string, names: readonly string[] = []): Masked {
  const urls: string[] = [];
  let text = message.replaceAll(/(?:https?|docker):\/\/[^\s"'<>\\]{1,8192}/g, (url) => {
    let end = url.length;
    while (end > 0 && ':,.;)]'.includes(url[end - 1] ?? '')) end -= 1;
    if (!url.startsWith('docker:')) urls.push(url.slice(0, end));
    return `<url>${url.slice(end)}`;
  });
  // A bare word is left alone: an image named "manifest" would take its sense from half of all messages.
  for (const name of names) if (/[/:@]/.test(name)) text = text.replaceAll(name, '<ref>');
  return { text: text.replaceAll(/"([^"\n]{1,1024})"/g, maskQuoted), urls };
}

/** Quoted text without a blank is a name; a sentence or a page in quotes is what a server said, and stays. */
function maskQuoted(whole: string, quoted: string): string {
  if (/[\s<]/.test(quoted) || kept.test(quoted)) return whole;
  return '"<ref>"';
}

/** Media types decide causes by themselves; so does a TLS record where an HTTP answer was awaited. */
const kept = /^(?:(?:application|text)\/[\w.+-]+$|\\x15\\x03)/;
