/** The time left of an attempt, by the server's word. The phone only counts on from there: its clock may be wrong or be set. Pure. */

export interface Countdown {
  left: number; // ms at the moment the server said so
  heardAt: number; // ms of the phone's steady clock
}

export function fromMoments(now: string, deadline: string, heardAt: number): Countdown {
  return { left: Date.parse(deadline) - Date.parse(now), heardAt };
}

export function fromSeconds(seconds: number, heardAt: number): Countdown {
  return { left: seconds * 1000, heardAt };
}

/** Whole seconds left, never below zero; a clock that was set back gives nobody more than the server said. */
export function secondsLeft(countdown: Countdown, at: number): number {
  const passed = Math.max(0, at - countdown.heardAt);
  return Math.max(0, Math.ceil((countdown.left - passed) / 1000));
}

/** “4:09”, “1:02:00”. */
export function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** A clock that only runs forward where there is one; nobody sets it. */
export function steadyNow(): number {
  return typeof performance !== "undefined" && typeof performance.now === "function" ? performance.now() : Date.now();
}
