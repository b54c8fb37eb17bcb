const DAY = 24 * 3600 * 1000; // ms
const CLOCKS_DIFFER = 5; // minutes, between the server and a phone
const SHANGHAI_OFFSET = 8 * 3600 * 1000; // China has one time zone and no summer time

function parts(moment: Date): { year: number; month: number; day: number; clock: string } {
  const local = new Date(moment.getTime() + SHANGHAI_OFFSET);
  const two = (value: number): string => String(value).padStart(2, "0");
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    clock: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
  };
}

/**
 * “刚刚”, “5分钟前”, “今天 09:12”, “11月20日 09:12”, “2025年11月20日”: as short as it can be and still be clear. What lies ahead
 * by more than clocks differ is named by its day and hour.
 *
 * A midnight in Shanghai, to the millisecond, stands for its day: of an anonymous report no more is told.
 */
export function friendlyTime(iso: string, now: Date = new Date()): string {
  const moment = new Date(iso);
  if (moment.getTime() === midnightOf(moment.getTime())) return friendlyPastDay(moment, now);
  const minutes = Math.floor((now.getTime() - moment.getTime()) / 60000);
  if (minutes < -CLOCKS_DIFFER) return momentText(iso, now);
  if (minutes < 1) return "刚刚";
  if (minutes < 60) return `${minutes}分钟前`;
  const then = parts(moment);
  const today = parts(now);
  if (then.year !== today.year) return `${then.year}年${then.month}月${then.day}日`;
  if (then.month === today.month && then.day === today.day) return `今天 ${then.clock}`;
  return `${then.month}月${then.day}日 ${then.clock}`;
}

function friendlyPastDay(moment: Date, now: Date): string {
  return moment.getTime() === midnightOf(now.getTime()) ? "今天" : dayText(moment.toISOString(), now);
}

/** “今天 18:30”, “11月20日 18:30”, “2027年1月3日 18:30”: a moment, whether it has come or not. */
export function momentText(iso: string, now: Date = new Date()): string {
  const then = parts(new Date(iso));
  const today = parts(now);
  if (then.year !== today.year) return `${then.year}年${then.month}月${then.day}日 ${then.clock}`;
  if (then.month === today.month && then.day === today.day) return `今天 ${then.clock}`;
  return `${then.month}月${then.day}日 ${then.clock}`;
}

/** The midnight in Shanghai with which the day of `now` (ms) began. */
export function midnightOf(now: number): number {
  return Math.floor((now + SHANGHAI_OFFSET) / DAY) * DAY - SHANGHAI_OFFSET;
}

/** “11月26日”, as people in Shanghai read the day; of another year “2027年1月3日”. */
export function dayText(iso: string, now: Date = new Date()): string {
  const { year, month, day } = parts(new Date(iso));
  return year === parts(now).year ? `${month}月${day}日` : `${year}年${month}月${day}日`;
}

/** When something comes: “今天 18:30”, “明天”, “12月3日”. */
export function friendlyDay(iso: string, now: Date = new Date()): string {
  const moment = new Date(iso);
  const days = (midnightOf(moment.getTime()) - midnightOf(now.getTime())) / DAY;
  if (days <= 0) return `今天 ${parts(moment).clock}`;
  return days === 1 ? "明天" : dayText(iso, now);
}

/** “2026-11-29”: the day of `now` (ms) in Shanghai, as the service writes days. */
export function dayKey(now: number): string {
  return new Date(now + SHANGHAI_OFFSET).toISOString().slice(0, 10);
}

/** “上次看到的，09:12。”, or, of an earlier day, “上次看到的，11月20日 09:12。”; nothing where it is not known. */
export function seenText(at: number | null | undefined, now: Date = new Date()): string {
  return at ? `上次看到的，${momentText(new Date(at).toISOString(), now).replace("今天 ", "")}。` : "";
}
