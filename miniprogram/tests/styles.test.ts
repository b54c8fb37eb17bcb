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
