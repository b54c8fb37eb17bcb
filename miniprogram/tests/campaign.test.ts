import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Campaign } from "@/api/types";

const getCampaign = vi.fn<[], Promise<Campaign>>();
vi.mock("@/api/calls", () => ({ getCampaign: () => getCampaign() }));
vi.stubGlobal("uni", { getStorageSync: () => "", setStorageSync: () => undefined });

const { campaign, isClosed, isStillClosed } = await import("@/lib/campaign");
const heard = (is_open: boolean): Campaign => ({ name: "行动", is_open }) as Campaign;

describe("a campaign that has ended", () => {
  beforeEach(() => {
    getCampaign.mockReset();
    campaign.now = heard(false);
  });

  it("takes nothing, also while the phone cannot ask", async () => {
    getCampaign.mockRejectedValue(new Error("offline"));
    expect([isClosed.value, await isStillClosed()]).toEqual([true, true]);
  });

  it("is asked about again before something is sent, for another one may have begun", async () => {
    getCampaign.mockResolvedValue(heard(true));
    expect(await isStillClosed()).toBe(false);
  });

  it("is not asked about while it is open, nor where an earlier version kept it", async () => {
    campaign.now = heard(true);
    expect(await isStillClosed()).toBe(false);
    campaign.now = { name: "行动" } as Campaign;
    expect([await isStillClosed(), getCampaign.mock.calls.length]).toEqual([false, 0]);
  });
});
