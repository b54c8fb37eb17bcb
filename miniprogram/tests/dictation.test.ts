import { beforeEach, describe, expect, it, vi } from "vitest";

const manager = { start: vi.fn(), stop: vi.fn(), onStart: vi.fn(), onRecognize: vi.fn(), onStop: vi.fn(), onError: vi.fn() };
vi.stubGlobal("requirePlugin", (name: string) => (name === "WechatSI" ? { getRecordRecognitionManager: () => manager } : null));

async function listening() {
  const said: string[] = [];
  const { listenByPlugin } = await import("@/platform/wechatDictation");
  const now = listenByPlugin((words) => said.push(words), (why) => said.push(`failed: ${why}`), () => said.push("ended"));
  return { said, now };
}

beforeEach(() => void vi.resetAllMocks());

describe("dictation by WeChat's plugin", () => {
  it("is there only where the build names its version", async () => {
    const { hasPlugin } = await import("@/platform/wechatDictation");
    expect(hasPlugin()).toBe(false);
    vi.stubEnv("VITE_WECHAT_SI", "0.3.6");
    expect(hasPlugin()).toBe(true);
    vi.unstubAllEnvs();
  });

  it("hears until it is stopped, and says the words once", async () => {
    const { said, now } = await listening();
    expect(manager.start).toHaveBeenCalledWith({ duration: 60_000, lang: "zh_CN" });
    now.stop();
    expect(manager.stop).toHaveBeenCalled();
    manager.onStop({ result: "通道堵了。" });
    manager.onStop({ result: "again" });
    expect(said).toEqual(["通道堵了。", "ended"]);
  });

  it.each([
    [{ retcode: -30001, msg: "record" }, "not-allowed"],
    [{ retcode: -30004, msg: "net" }, "network"],
  ])("tells why it cannot: %o", async (error, why) => {
    const { said } = await listening();
    manager.onError(error);
    expect(said).toEqual([`failed: ${why}`, "ended"]);
  });

  it("tells that nothing was said, and nothing at all once the page is left", async () => {
    const silent = await listening();
    manager.onStop({ result: " " });
    expect(silent.said).toEqual(["failed: no-speech", "ended"]);
    const gone = await listening();
    gone.now.abort();
    manager.onStop({ result: "通道堵了。" });
    expect(gone.said).toEqual([]);
  });
});
