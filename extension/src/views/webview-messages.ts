/** What a page of ours says to the extension. */
export type FromPage =
  | { readonly type: 'open'; readonly uri: string; readonly line: number }
  | { readonly type: 'submit'; readonly values: Readonly<Record<string, string>> };

/** What the extension says to a page: new content for the element of an id. */
export interface ToPage {
  readonly id: string;
  readonly html: string;
}
