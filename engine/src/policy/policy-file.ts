/** A file of a policy set: its path relative to the folder, with `/`, and its octets or why they cannot be read. */
export interface PolicyFile {
  readonly path: string;
  readonly content: Uint8Array | { readonly unreadable: string };
}
