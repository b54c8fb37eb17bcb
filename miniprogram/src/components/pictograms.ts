/** Pictograms of the hazard categories, drawn for a 24 × 24 grid with strokes of 1.7; by category code. */
const PATHS: Record<string, string> = {
  fire: "M12.5 2.8c.3 3.6 5 5.6 5 10.4a5.5 5.5 0 0 1-11 0c0-2.3 1.2-3.8 2.3-4.9.1 1.9.8 2.9 1.9 3.2 1.6-2.3.7-5.5 1.8-8.7zM12 18.7a2.2 2.2 0 0 1-2.2-2.2c0-1.5 1.4-2 2.2-3.5.8 1.5 2.2 2 2.2 3.5a2.2 2.2 0 0 1-2.2 2.2z",
  electricity: "M13.2 2.5 5.5 13.2h5.7l-.9 8.3 8.2-11.3h-5.8z",
  machinery: "M12 8.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM10.4 3h3.2l.5 2.3 1.9.8 2-1.3 2.2 2.2-1.3 2 .8 1.9 2.3.5v3.2l-2.3.5-.8 1.9 1.3 2-2.2 2.2-2-1.3-1.9.8-.5 2.3h-3.2l-.5-2.3-1.9-.8-2 1.3-2.2-2.2 1.3-2-.8-1.9L2 14.6v-3.2l2.3-.5.8-1.9-1.3-2L6 4.8l2 1.3 1.9-.8z",
  height: "M7 3v18M15 3v18M7 7h8M7 11.5h8M7 16h8M18.5 6v9M16.5 13l2 2.3 2-2.3",
  vehicle: "M2 6h11v10H2zM13 9.5h4.2L21.5 13v3H13M6.5 14.7a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM17 14.7a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  lifting: "M3 3h18M12 3v6M12 9a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 13v2.5c2 0 3 1 3 2.6a3 3 0 0 1-6 0",
  chemical: "M9 3h6M10 3v6L4.8 18a2 2 0 0 0 1.8 3h10.8a2 2 0 0 0 1.8-3L14 9V3M7.4 14.5h9.2",
  gas: "M8 9.5a4 4 0 0 1 8 0V20a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1zM12 5.5V3M9.5 3h5M8 13h8M8 17h8",
  health: "M12 20.5S3.5 15.7 3.5 9.7A4.7 4.7 0 0 1 12 7a4.7 4.7 0 0 1 8.5 2.7c0 6-8.5 10.8-8.5 10.8zM12 10v5.4M9.3 12.7h5.4",
  collapse: "M2.5 20.5h19M4.5 20.5v-5h6v5M10.5 20.5v-5h6v5M7.5 15.5v-5h6v5M15 3.5l4.5 1.2-1.2 4.5-4.5-1.2z",
  passage: "M6 21V3h12v18M3 21h18M9.5 9l5 5M14.5 9l-5 5",
  behavior: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 18 18 6M12 8.2a1.4 1.4 0 1 0 0-.02M9 17.5c.4-3.5 1.4-5.6 3-5.6s2.6 2.1 3 5.6",
  ppe: "M2.5 17.5h19M5 17.5v-2.3a7 7 0 0 1 14 0v2.3M9.7 13V7.8c0-1 .9-1.8 2.3-1.8s2.3.8 2.3 1.8V13",
  other: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8 12h.01M12 12h.01M16 12h.01",
  camera: "M3 8.5A1.5 1.5 0 0 1 4.5 7h2.7l1.5-2.5h6.6L16.8 7h2.7A1.5 1.5 0 0 1 21 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5zM12 9.2a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z",
  pin: "M12 21.5s-7-6.3-7-11.8a7 7 0 0 1 14 0c0 5.5-7 11.8-7 11.8zM12 7.2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  bulb: "M9.2 17.5c0-2-3.7-3.4-3.7-7.7a6.5 6.5 0 0 1 13 0c0 4.3-3.7 5.7-3.7 7.7zM9.5 20.5h5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
  award: "M12 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM8.5 14 7 21.5l5-2.7 5 2.7-1.5-7.5",
  shield: "M12 3l7.5 2.8v5.7c0 4.6-3.2 7.9-7.5 9.5-4.3-1.6-7.5-4.9-7.5-9.5V5.8zM8.6 12l2.4 2.4 4.4-4.6",
  check: "M4.5 12.5 10 18 19.5 7",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  offline: "M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4.5-2.6M19 12a10 10 0 0 0-5.5-2.9M12 19h.01",
  empty: "M4 13.5 6.5 5h11l2.5 8.5V19H4zM4 13.5h5l1 2.5h4l1-2.5h5",
  chevron: "M9 5l7 7-7 7",
};

/** The pictogram as an address for a background image: the mini program knows no inline SVG. */
export function pictogram(name: string, colour: string): string {
  const path = PATHS[name] ?? PATHS.other;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="${path}"/></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}
