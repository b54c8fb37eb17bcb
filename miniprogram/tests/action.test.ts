import { beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "@/api/problem";
import { useAction } from "@/lib/action";
import { useConfirm } from "@/lib/confirm";

interface Modal {
  success: (result: { confirm: boolean }) => void;
  fail: () => void;
}
const uni = { showToast: vi.fn(), showModal: vi.fn<[Modal], void>() };
vi.stubGlobal("uni", uni);
beforeEach(() => {
  vi.clearAllMocks();
});

const refusal = new Problem(422, "invalid", "请检查", { phone: "手机号不对" });

describe("an action", () => {
  it("is done once when it is tapped twice, and says which of several runs", async () => {
    let end = (): void => undefined;
    const work = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const { busy, doing, run } = useAction();
    const first = run(work, "a");
    expect([busy.value, doing.value, await run(work, "b")]).toEqual([true, "a", false]);
    end();
    expect([await first, busy.value, work.mock.calls.length]).toEqual([true, false, 1]);
  });

  it("shows on the page what went wrong, the field's words first, until it is tried again", async () => {
    const { fault, problem, run } = useAction();
    expect(await run(() => Promise.reject(refusal))).toBe(false);
    expect([fault.value, problem.value?.code]).toEqual(["手机号不对", "invalid"]);
    await run(async () => undefined);
    expect([fault.value, problem.value]).toEqual(["", null]);
    expect(uni.showToast).not.toHaveBeenCalled();
  });

  it("tells it in passing where the page has no place for it, in words of its own if it has some", async () => {
    const { fault, run } = useAction({ toasts: true, words: ({ message }) => `${message}！` });
    await run(() => Promise.reject(refusal));
    expect([fault.value, uni.showToast.mock.calls[0]?.[0]]).toEqual(["", { title: "请检查！", icon: "none" }]);
  });

  it("has plain words for what is no answer of the server", async () => {
    const { fault, run } = useAction();
    await run(() => Promise.reject(new TypeError("x is not a function")));
    expect(fault.value).toBe("出了点问题，请再试一次。");
  });
});

describe("a question before what cannot be undone", () => {
  const question = { title: "撤回？", content: "不再处理。", confirmText: "撤回" };

  it.each([true, false])("tells what the worker said: %s", async (said) => {
    const asked = useConfirm()(question);
    uni.showModal.mock.calls[0]?.[0].success({ confirm: said });
    expect(await asked).toBe(said);
  });

  it("stands once when it is tapped twice, and takes a failure for a no", async () => {
    const confirm = useConfirm();
    const asked = confirm(question);
    expect(await confirm(question)).toBe(false);
    expect(uni.showModal).toHaveBeenCalledTimes(1);
    uni.showModal.mock.calls[0]?.[0].fail();
    expect(await asked).toBe(false);
    void confirm(question);
    expect(uni.showModal).toHaveBeenCalledTimes(2);
  });
});
