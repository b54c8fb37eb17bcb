import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("../src/**/*.{ts,vue}", { query: "?raw", import: "default", eager: true });
const IMPORT = /^(?:import|export)\s(?!type\s)[^;]*?from\s+"@\/([^"]+)"/gm;

/** What each file needs at run time, both by their names under src/. */
const graph = new Map(
  Object.entries(sources).map(([path, text]) => [
    path.replace("../src/", ""),
    [...text.matchAll(IMPORT)].map(([, name = ""]) => (name.endsWith(".vue") ? name : `${name}.ts`)),
  ]),
);

/** The files from `start` back to itself, null if no import leads there. */
function circleFrom(start: string): string[] | null {
  const seen = new Set<string>();
  const ways = (graph.get(start) ?? []).map((name) => [start, name]);
  for (let way = ways.pop(); way; way = ways.pop()) {
    const last = way.at(-1) ?? "";
    if (last === start) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const name of graph.get(last) ?? []) ways.push([...way, name]);
  }
  return null;
}

describe("imports", () => {
  it("are all found, so that no circle hides behind a way of writing them", () => {
    const unknown = [...graph.values()].flat().filter((name) => !graph.has(name) && name !== "api/schema.ts" && !name.endsWith(".json.ts"));
    const relative = Object.keys(sources).filter((path) => /from "\.\.?\//.test(sources[path] ?? ""));
    expect(graph.size).toBeGreaterThan(100);
    expect([unknown, relative]).toEqual([[], ["../src/main.ts"]]); // the entry, which nobody imports
  });

  it("never lead in a circle", () => {
    expect([...graph.keys()].map(circleFrom).filter(Boolean)).toEqual([]);
  });
});
