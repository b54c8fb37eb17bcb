// What the scripts look up are elements of our own templates; of which kind, the selector says.
interface PageElement extends HTMLElement {
  alt: string;
  checked: boolean;
  content: DocumentFragment;
  disabled: boolean;
  files: FileList;
  form: HTMLFormElement | null;
  href: string;
  indeterminate: boolean;
  name: string;
  open: boolean;
  selectionEnd: number;
  selectionStart: number;
  src: string;
  type: string;
  value: any; // text of most, a number of <progress>
  close(): void;
  requestSubmit(): void;
  select?(): void;
  setRangeText(text: string, start: number, end: number, mode: string): void;
  showModal(): void;
}

interface ParentNode {
  querySelector(selectors: string): PageElement | null;
  querySelectorAll(selectors: string): NodeListOf<PageElement>;
}

interface Element {
  closest(selectors: string): PageElement | null;
}

interface Document {
  getElementById(id: string): PageElement | null;
}

// What the scripts listen to happens on elements.
interface EventTarget extends Partial<Pick<PageElement, "checked" | "dataset" | "form" | "type" | "value">> {
  closest?(selectors: string): PageElement | null;
  matches?(selectors: string): boolean;
  setAttribute?(name: string, value: string): void;
}

interface Window {
  earlyKeys: KeyboardEvent[] | null;
  htmx: unknown;
}
