const head = 24 * 1024;
const end = 8 * 1024;

/**
 * The part of a message that is scanned: its first 24 KiB, which hold the wrappers, and its last 8 KiB, which hold the
 * innermost error. Registries put whole web pages into errors, and the API server stores what the kubelet was told.
 */
export function bound(message: string): string {
  return message.length <= head + end ? message : `${message.slice(0, head)}\n${message.slice(-end)}`;
}

const shown = 4096;

/** The part of a message that is kept as evidence; says how much is left out. */
export function excerpt(message: string): string {
  return message.length <= shown
    ? message
    : `${message.slice(0, shown)}… (${message.length - shown} more characters of this message are left out)`;
}
