/** Cards to send to others: which there are, and the page that draws them. It is loaded when it is opened. */

/** `report`: that one took part, and nothing of what was reported; the others name nobody. */
export type CardKind = "report" | "level" | "exam";

export interface Card {
  kind: CardKind;
  title: string; // what it is about: a level, a test; empty for a report
  score: number;
  stars: number;
}

/** The address of the page that draws it. */
export const cardPage = (kind: CardKind, said: Partial<Omit<Card, "kind">> = {}): string => {
  const { title = "", score = 0, stars = 0 } = said;
  return `/help/pages/share?kind=${kind}&score=${score}&stars=${stars}&title=${encodeURIComponent(title)}`;
};
