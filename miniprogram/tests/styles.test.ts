import { describe, expect, it } from "vitest";

const styled = import.meta.glob<string>("../src/**/*.{vue,scss}", { query: "?raw", import: "default", eager: true });

/** What each declaration of `pattern` in all styles says, with the file it stands in. */
function declared(pattern: RegExp): string[] {
  return Object.entries(styled).flatMap(([file, text]) => [...text.matchAll(pattern)].map((found) => `${file}: ${found[1]}`));
}

describe("styles", () => {
  it("take every size of type from the scale, which follows the phone", () => {
    const sizes = declared(/\bfont(?:-size)?:\s*([^;"]+)/g);
    expect(sizes.length).toBeGreaterThan(100);
    expect(sizes.filter((size) => !/: (var\(--text(-\w+)?\)( !important)?|inherit)$/.test(size))).toEqual([]);
  });
});

/** The colours of tokens.scss, those of dark mode upon them. */
function colours(isDark: boolean): Record<string, string> {
  const [light = "", dark = ""] = (styled["../src/styles/tokens.scss"] ?? "").split("@media (prefers-color-scheme: dark)");
  return Object.fromEntries([...(light + (isDark ? dark : "")).matchAll(/(--[\w-]+): (#\w{6});/g)].map(([, name, value]) => [name, value]));
}

/** How strongly two colours differ, as WCAG 2 counts it. */
function contrast(...pair: string[]): number {
  const [darker = 0, lighter = 0] = pair
    .map((colour) => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5]
        .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((one, other) => one - other);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What is written on what: `muted` on `line` is a button that is off, `muted` on `surface` what stands in an empty field. */
const WRITTEN: Record<string, string[]> = {
  surface: ["ink", "muted", "brand", "ok", "warn", "danger"],
  ground: ["ink", "muted", "brand", "ok", "warn", "danger"],
  line: ["ink", "muted"],
  brand: ["on-brand"],
  "brand-press": ["on-brand"],
  "brand-soft": ["ink", "muted", "brand"],
  "ok-soft": ["ink", "ok"],
  "warn-soft": ["ink", "warn"],
  "danger-soft": ["ink", "danger"],
};

describe.each([false, true])("colours, dark: %s", (isDark) => {
  it("of words differ from what they are written on by 4.5 at least", () => {
    const known = colours(isDark);
    const of = (name: string): string => known[`--${name}`] ?? "";
    const pale = Object.entries(WRITTEN).flatMap(([on, words]) =>
      words.map((word) => `${word} on ${on}: ${contrast(of(word), of(on)).toFixed(2)}`).filter((said) => !(Number(said.split(": ")[1]) >= 4.5)),
    );
    expect(pale).toEqual([]);
  });
});
