/** A photo over a line that is cut, slow, or forgets: small ones go whole at first; in pieces it arrives whole, and no byte that was answered goes twice. */
import { beforeEach, expect, it, vi } from "vitest";

const storage = new Map<string, unknown>();
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, JSON.parse(JSON.stringify(value))),
});

const CONTENT = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 31 + (index >> 8)) % 256);
const COPY = 310_000; // bytes of a photo made smaller

const join = vi.fn(async () => "joined");

/** The server's side, and a line of so many bytes a second. */
class Far {
  here = new Uint8Array(0);
  clock = 0;
  went = 0; // bytes over the line
  wholes = 0;
  pieces: number[] = [];
  fates: string[] = [];
  isWanted = (): boolean => true;
  join = join;
  read = async (_key: string, offset: number, length: number): Promise<ArrayBuffer> => CONTENT.slice(offset, offset + length).buffer;
  now = (): number => this.clock;

  constructor(readonly speed = 50_000, readonly wait = 0) {}

  whole = async (size: number, gone: (bytes: number) => void): Promise<string> => {
    const fate = this.fates.shift();
    this.wholes += 1;
    this.clock += this.wait + (1000 * size) / this.speed;
    gone(size);
    if (fate === "killed") await new Promise(() => undefined);
    if (fate === "cut") throw problems.offline();
    if (fate === "in trouble") throw new problems.Problem(503, "busy", "");
    return "whole";
  };

  put = async (_id: string, offset: number, piece: ArrayBuffer): Promise<{ received: number }> => {
    const fate = this.fates.shift();
    this.pieces.push(piece.byteLength);
    this.clock += this.wait + (1000 * piece.byteLength) / this.speed;
    if (fate === "cut") throw problems.offline();
    this.went += piece.byteLength;
    if (offset === this.here.length) this.here = CONTENT.slice(0, offset + piece.byteLength);
    if (fate === "answer lost") throw problems.offline();
    return { received: this.here.length };
  };
}

/** The app as it is after a start. */
async function start() {
  vi.resetModules();
  problems = await import("@/api/problem");
  const { deliver, ...rest } = await import("@/platform/pieces");
  const send = (far: Far, size = CONTENT.length, key = "p") =>
    deliver({ key, size, id: key }, far, { whole: (gone) => far.whole(size, gone), join: () => far.join() });
  return { ...rest, send };
}

let problems: typeof import("@/api/problem");
const isWhole = ({ here }: Far): boolean => here.length === CONTENT.length && here.every((byte, index) => byte === CONTENT[index]);

beforeEach(() => {
  storage.clear();
  join.mockReset().mockResolvedValue("joined");
});

it.each([
  ["cut, and the app killed", ["", "cut", "", "cut"], 700_000],
  ["an answer lost: the server says where to go on", ["", "answer lost", ""], 900_000],
])("%s", async (_name, fates, most) => {
  const far = new Far();
  far.fates = fates;
  for (let life = 0; life < 6; life += 1) {
    const { send } = await start(); // every time anew: what is left is stored
    if ((await send(far).catch(() => "")) === "joined") break;
  }
  expect(isWhole(far)).toBe(true);
  expect(far.went).toBeLessThanOrEqual(most);
  expect(storage.get("outbox.sent")).toEqual({});
});

it.each([
  ["that was cut", "cut"],
  ["under which the app was killed", "killed"],
])("a small photo goes whole, and one %s in pieces, with those after it until the line is good again", async (_name, fate) => {
  const far = new Far(50_000, 2000); // slow 3G
  let { send, sent } = await start();
  expect([await send(far, COPY, "a"), far.wholes, far.pieces]).toEqual(["whole", 1, []]);
  far.fates = [fate];
  const begun = send(far, COPY, "p").catch(() => "");
  if (fate === "cut") await begun;
  else ({ send, sent } = await start());
  expect(sent.p).toBe(0);
  expect(await send(far, COPY, "p")).toBe("joined");
  expect([far.here.length, far.wholes]).toEqual([COPY, 2]);
  expect(far.pieces.length).toBeLessThanOrEqual(4);
  far.here = new Uint8Array(0);
  expect(await send(far, COPY, "b")).toBe("whole"); // its line took pieces of the usual length
  expect(sent).toEqual({});
  const worse = new Far(2000, 2000);
  worse.fates = ["cut"];
  await expect(send(worse, COPY, "c")).rejects.toMatchObject({ isPassing: true });
  expect(await send(worse, COPY, "d")).toBe("joined"); // not tried whole
});

it.each([
  ["in trouble", () => true],
  ["cut", () => false], // the worker held it back
])("what is %s without the line being bad goes whole again", async (fate, isWanted) => {
  const far = new Far();
  Object.assign(far, { fates: [fate], isWanted });
  const { send, sent } = await start();
  await expect(send(far, COPY)).rejects.toMatchObject({ isPassing: true });
  expect(sent).toEqual({});
  expect(await send(far, COPY)).toBe("whole");
});

it("pieces grow on a good line and shrink on a bad one, where an hour is enough for a photo", async () => {
  const quick = new Far(2_000_000);
  await (await start()).send(quick);
  expect(Math.max(...quick.pieces)).toBeGreaterThan(256 * 1024);
  const slow = new Far(200); // 1.6 kbit/s
  await (await start()).send(slow);
  expect(slow.pieces.at(-1)).toBeLessThanOrEqual(8 * 1024);
  expect(slow.clock).toBeLessThan(3600 * 1000);
});

it("stops between pieces when it is not wanted any more, and begins anew when the server has swept them", async () => {
  const far = new Far();
  far.isWanted = () => far.pieces.length < 2;
  const { send, sent } = await start();
  await expect(send(far)).rejects.toMatchObject({ isPassing: true });
  expect(sent.p).toBe(far.here.length);
  far.isWanted = () => true;
  join.mockRejectedValueOnce(new problems.Problem(409, "upload_incomplete", ""));
  await expect(send(far)).rejects.toMatchObject({ isPassing: true });
  far.here = new Uint8Array(0);
  expect(await send(far)).toBe("joined");
  expect(isWhole(far)).toBe(true);
});

it("a server that never gets on is left alone, a refusal is told, and an id tells no time", async () => {
  const { send, sent, uploadIdOf } = await start();
  const deaf = new Far();
  deaf.put = async () => ({ received: 0 });
  await expect(send(deaf)).rejects.toMatchObject({ isPassing: true });
  join.mockRejectedValueOnce(new problems.Problem(422, "photo_damaged", ""));
  await expect(send(new Far())).rejects.toMatchObject({ code: "photo_damaged" });
  expect(sent).toEqual({});
  expect(uploadIdOf("0123456789abcdef0123456789abcdef")).toBe("01234567-89ab-cdef-0123-456789abcdef");
});
