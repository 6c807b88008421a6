/** An address as it may be shown: what stands behind `?` may be a key. */
export function shownUri(uri: string): string {
  return uri.replace(/\?.*$/s, "?…");
}
