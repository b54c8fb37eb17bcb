/** Somebody who scanned the right code came, however slow the line is, whatever is cut, wherever the phone's clock stands, from one phone or two. */
import { afterEach, expect, it, vi } from "vitest";

import { offline, Problem } from "@/api/problem";
import type { CheckIn } from "@/api/types";
import { newCheckIn, type CheckInParcel } from "@/kinds/checkIn";
import { sendParcel, type Wires } from "@/outbox/sender";
import { random } from "./walking";

vi.hoisted(() => vi.stubGlobal("uni", { getStorageSync: () => "" })); // read as soon as the app's files are

const STEP = 15_000; // ms, for which a code stands on the screen
const DRIFT = 8; // steps that a phone's clock may be off
const stepOf = (moment: number): number => Math.floor(moment / STEP);

/** As server/oversight/training/check_in has it: by the server's clock, or by the moment that is told. */
class Session {
  rows: number[] = []; // the step by which somebody came, once for each person
  now = 0;

  take({ code, taken_at }: CheckIn): void {
    const at = taken_at ? Math.min(Date.parse(taken_at), this.now) : this.now;
    const drift = taken_at ? DRIFT : 0;
    const behind = stepOf(at) - Number(code);
    if (behind < -drift || behind > 1 + drift) throw new Problem(422, "wrong_code", "");
    if (!this.rows.length) this.rows.push(Number(code));
  }
}

/** Sends until it has arrived or is refused; each call takes its time there and back, and may be cut on either way. */
async function send(parcel: CheckInParcel, session: Session, clock: number, draw: () => number): Promise<string> {
  const pass = (ms: number): void => {
    session.now += ms;
    vi.setSystemTime(session.now + clock);
  };
  const slow = (): number => [200, 2_000, 9_000, 70_000][Math.floor(draw() * 4)]! * draw();
  const wires = {
    putCheckIn: async (_id: string, _door: string, body: CheckIn) => {
      pass(slow());
      if (draw() < 0.2) throw offline();
      try {
        session.take(body);
      } finally {
        pass(slow());
      }
      if (draw() < 0.2) throw offline();
    },
    isCurrent: () => true, save: () => undefined, now: () => Date.now(), newId: () => "",
  } as unknown as Wires;
  for (let round = 0; round < 50; round += 1) {
    const outcome = await sendParcel(parcel, wires);
    if (outcome !== "waiting") return outcome;
    pass(parcel.nextTryAt - Date.now() + (draw() < 0.2 ? 3_600_000 * draw() : 0)); // no signal for a while
  }
  return "waiting";
}

afterEach(() => void vi.useRealTimers());

it("is counted once, by the code that was scanned", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  for (let seed = 1; seed <= 300; seed += 1) {
    const [draw, session] = [random(seed), new Session()];
    const [began, clock] = [1_796_000_000_000 + draw() * 60_000, (draw() - 0.5) * 200_000];
    const code = String(stepOf(began));
    for (let phones = draw() < 0.5 ? 1 : 2; phones; phones -= 1) {
      session.now = began;
      vi.setSystemTime(began + clock);
      const parcel = newCheckIn("c", Date.now(), { sessionId: "s", door: "check-in", title: "", code, device: `${phones}` });
      expect(await send(Object.assign(parcel, { state: "sending" }), session, clock, draw), `seed ${seed}`).toBe("sent");
    }
    expect(session.rows, `seed ${seed}`).toEqual([Number(code)]);
  }
});
