/** A photo in pieces over a line that is cut, slow, or forgets: it arrives whole, and no byte that was answered goes twice. */
import { beforeEach, expect, it, vi } from "vitest";

const storage = new Map<string, unknown>();
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, JSON.parse(JSON.stringify(value))),
});

const CONTENT = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 31 + (index >> 8)) % 256);
const UPLOAD = { key: "p", size: CONTENT.length, id: "u" };

/** The server's side, and a line of so many bytes a second. */
class Far {
  here = new Uint8Array(0);
  clock = 0;
  went = 0; // bytes over the line
  pieces: number[] = [];
  fates: string[] = [];
  isWanted = (): boolean => true;
  read = async (_key: string, offset: number, length: number): Promise<ArrayBuffer> => CONTENT.slice(offset, offset + length).buffer;
  now = (): number => this.clock;

  constructor(readonly speed = 50_000) {}

  put = async (_id: string, offset: number, piece: ArrayBuffer): Promise<{ received: number }> => {
    const fate = this.fates.shift();
    this.pieces.push(piece.byteLength);
    this.clock += (1000 * piece.byteLength) / this.speed;
    if (fate === "cut") throw problems.offline();
    this.went += piece.byteLength;
    if (offset === this.here.length) this.here = Uint8Array.from([...this.here, ...new Uint8Array(piece)]);
    if (fate === "answer lost") throw problems.offline();
    return { received: this.here.length };
  };
}

/** The app as it is after a start. */
async function start() {
  vi.resetModules();
  problems = await import("@/api/problem");
  return import("@/platform/pieces");
}

let problems: typeof import("@/api/problem");
const isWhole = ({ here }: Far): boolean => here.length === CONTENT.length && here.every((byte, index) => byte === CONTENT[index]);
const join = vi.fn(async () => "joined");

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
    const { sendPieces } = await start(); // every time anew: what is left is stored
    if ((await sendPieces(UPLOAD, far, join).catch(() => "")) === "joined") break;
  }
  expect(isWhole(far)).toBe(true);
  expect(far.went).toBeLessThanOrEqual(most);
  expect(storage.get("outbox.sent")).toEqual({});
});

it("pieces grow on a good line and shrink on a bad one, where an hour is enough for a photo", async () => {
  const quick = new Far(2_000_000);
  await (await start()).sendPieces(UPLOAD, quick, join);
  expect(Math.max(...quick.pieces)).toBeGreaterThan(256 * 1024);
  const slow = new Far(200); // 1.6 kbit/s
  await (await start()).sendPieces(UPLOAD, slow, join);
  expect(slow.pieces.at(-1)).toBeLessThanOrEqual(8 * 1024);
  expect(slow.clock).toBeLessThan(3600 * 1000);
});

it("stops between pieces when it is not wanted any more, and begins anew when the server has swept them", async () => {
  const far = new Far();
  far.isWanted = () => far.pieces.length < 2;
  const { sendPieces, sent } = await start();
  await expect(sendPieces(UPLOAD, far, join)).rejects.toMatchObject({ isPassing: true });
  expect(sent.p).toBe(far.here.length);
  far.isWanted = () => true;
  join.mockRejectedValueOnce(new problems.Problem(409, "upload_incomplete", ""));
  await expect(sendPieces(UPLOAD, far, join)).rejects.toMatchObject({ isPassing: true });
  far.here = new Uint8Array(0);
  expect(await sendPieces(UPLOAD, far, join)).toBe("joined");
  expect(isWhole(far)).toBe(true);
});

it("a server that never gets on is left alone, a refusal is told, and an id tells no time", async () => {
  const { sendPieces, sent, uploadIdOf } = await start();
  const deaf = new Far();
  deaf.put = async () => ({ received: 0 });
  await expect(sendPieces(UPLOAD, deaf, join)).rejects.toMatchObject({ isPassing: true });
  join.mockRejectedValueOnce(new problems.Problem(422, "photo_damaged", ""));
  await expect(sendPieces(UPLOAD, new Far(), join)).rejects.toMatchObject({ code: "photo_damaged" });
  expect(sent).toEqual({});
  expect(uploadIdOf("0123456789abcdef0123456789abcdef")).toBe("01234567-89ab-cdef-0123-456789abcdef");
});
