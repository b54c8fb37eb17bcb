/** A code of a training session that was scanned or typed: it keeps its moment, so that it counts without a network too. */
import { asProblem } from "@/api/problem";
import type { CheckIn, Coordinates, Door } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { fresh, type Common } from "@/kinds/parcel";

export interface CheckInParcel extends Common {
  kind: "checkIn";
  sessionId: string;
  door: Door;
  title: string;
  code: string;
  device: string;
  point?: Coordinates | null; // where the phone was, by the worker's own switch; goes with this parcel
}

/** For so long a code goes as it is: the server's clock alone says whether it holds. Later it is sent with its moment. */
const FRESH = 10_000; // ms
/** Refused after so long, a code may have been right when it was scanned: it goes once more with its moment. */
const PROMPT = 3_000; // ms

export function newCheckIn(id: string, now: number, about: Pick<CheckInParcel, "sessionId" | "door" | "title" | "code" | "device" | "point">): CheckInParcel {
  return { kind: "checkIn", ...about, ...fresh(id, now) };
}

const bodyOf = ({ code, device, point }: CheckInParcel): CheckIn => ({ code, device, taken_at: null, point: pointOf(point), post: "" });
const pointOf = (point: Coordinates | null | undefined): CheckIn["point"] => (point ? { ...point, accuracy: point.accuracy ?? null } : null);
const keptBodyOf = (parcel: CheckInParcel): CheckIn => ({ ...bodyOf(parcel), taken_at: new Date(parcel.createdAt).toISOString() });

export const checkIn: Kind<CheckInParcel> = {
  ...USUAL,
  isSubmission: false,
  isSweptAway: false,
  settlesQuestion: false,
  body: ({ sessionId, door, code }) => ({ sessionId, door, code }),
  async declare(parcel, wires) {
    const send = (body: CheckIn): Promise<unknown> => wires.putCheckIn(parcel.sessionId, parcel.door, body);
    const age = (): number => Date.now() - parcel.createdAt;
    if (age() > FRESH) {
      await send(keptBodyOf(parcel));
      return null;
    }
    try {
      await send(bodyOf(parcel));
    } catch (thrown) {
      if (asProblem(thrown).code !== "wrong_code" || age() <= PROMPT) throw thrown;
      await send(keptBodyOf(parcel)); // the line was slow, or the service had much to do
    }
    return null;
  },
  title: (parcel) => `${parcel.door === "check-in" ? "签到" : "签退"}：${parcel.title}`,
  page: (parcel) => `/training/pages/check-in?id=${parcel.sessionId}`,
  words: (parcel) => [parcel.code],
};
