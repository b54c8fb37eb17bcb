/** Words and signs of the quiz's screens. Pure. */
import type { BoardKind, Place, QuizLevel, QuizMap } from "@/api/types";
import { dayText } from "@/lib/time";

export const LETTERS = ["A", "B", "C", "D", "E", "F", "G", "H"];

const KINDS: Record<string, string> = { single: "单选", multiple: "多选", true_false: "判断" };
export const kindText = (kind: string): string => KINDS[kind] ?? "";

/** “A、C” */
export const lettersOf = (chosen: readonly number[]): string => chosen.map((option) => LETTERS[option]).join("、");

/** “5分钟”, “90秒” */
export function lengthText(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}分钟` : `${seconds}秒`;
}

/** “3分05.120秒”: to the millisecond, for that decides between equal scores. */
export function durationText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = ((ms % 60_000) / 1000).toFixed(3);
  return minutes ? `${minutes}分${seconds.padStart(6, "0")}秒` : `${seconds}秒`;
}

/** One star for passing, two from halfway between there and full marks, three for full marks. */
export function starsOf(score: number | null, passMark: number): number {
  if (score === null || score < passMark) return 0;
  if (score === 100) return 3;
  return score >= (passMark + 100) / 2 ? 2 : 1;
}

/** A kind word by stars. */
export const praiseOf = (stars: number): string =>
  [
    "没过没关系，看看解析，练一练再来。",
    "过关了。错的几题看看解析，下次更稳。",
    "掌握得不错，差一点就全对。",
    "全对，记得真牢，现场心里有底。",
  ][stars] ?? "";

/** Days in a row with the question of the day; one alone is no row, and a row that ended is not spoken of. */
export const streakText = (days: number | null): string => (days !== null && days > 1 ? `连着 ${days} 天都来了，真好` : "");

/** What waits in practice. */
export function waitingText(practice: { due: number; total: number } | null): string {
  if (!practice?.total) return "答错的题隔几天再练，记得牢";
  return practice.due ? `接着练：还有 ${practice.due} 题` : "现在该练的都练完了";
}

/** The level where one stands on the path: the one under way, else the first that can be tried and is not passed. 0: none. */
export function whereNow(quiz: Pick<QuizMap, "levels" | "status">, kept: Record<number, string>): number {
  if (quiz.status !== "open") return 0;
  const running = quiz.levels.find((level) => level.running_attempt_id ?? kept[level.number]);
  return (running ?? quiz.levels.find((level) => level.status === "open"))?.number ?? 0;
}

export const STATUS_WORDS: Record<QuizMap["status"], string> = { coming: "还没开始", open: "正在进行", closed: "已结束" };

/** “11月25日—1月24日” */
export const periodText = (quiz: { opens_at: string; closes_at: string }): string => `${dayText(quiz.opens_at)}—${dayText(quiz.closes_at)}`;

/** What holds a level back, or what can be done with it today. */
export function levelText(quiz: Pick<QuizMap, "status" | "opens_at" | "opening">, level: QuizLevel): string {
  if (level.running_attempt_id) return "有一次还没交卷，时间还在走";
  if (level.status === "locked") {
    if (level.opens_on) return `${dayText(`${level.opens_on}T00:00:00+08:00`)}开放`;
    if (quiz.status === "coming") return `${dayText(quiz.opens_at)}开始`;
    return quiz.opening === "by_passing" ? `通过第 ${level.number - 1} 关后开放` : "还没开放";
  }
  if (quiz.status === "closed") return "竞赛已结束";
  return level.tries_left ? `今天还能试 ${level.tries_left} 次` : `今天的 ${level.tries_per_day} 次用完了，明天再来`;
}

/** “86.5%”, “—” where it cannot be told. */
export function shareText(share: number | null): string {
  return share === null ? "—" : `${(share * 100).toFixed(1).replace(/\.0$/, "")}%`;
}

/** What a place on a leaderboard rests on. */
export function placeText(kind: BoardKind, place: Place): string {
  if (kind === "people") return durationText(place.duration_ms ?? 0);
  return `${place.people ?? 0} 人参加，80 分以上 ${shareText(place.high_share)}`;
}
