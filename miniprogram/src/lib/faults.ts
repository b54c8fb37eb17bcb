/** Tell the service of the program's own faults: which, on which page. Nothing of the person, the phone or what they wrote. */
import { Problem } from "@/api/problem";
import { callOpenly } from "@/api/request";
import { hasAgreed } from "@/platform/privacy";

const MOST = 5; // of one opening of the app; each once
const told = new Set<string>();

/** The part of an address that tells no more than the page. */
const pageOf = (): string => ((getCurrentPages().at(-1) as { route?: string } | undefined)?.route ?? "").slice(0, 100);

export function tellFault(fault: unknown): void {
  if (fault instanceof Problem || !hasAgreed()) return; // what a server refuses, or no signal, is no fault of the program
  const { message, stack } = fault instanceof Error ? fault : { message: typeof fault === "string" ? fault : "", stack: "" };
  const said = message.slice(0, 1000).trim();
  if (!said || told.has(said) || told.size >= MOST) return;
  told.add(said);
  const body = { ...whichApp(), page: pageOf(), message: said, stack: (stack ?? "").slice(0, 4000) };
  callOpenly("post", "/api/v1/client-faults", { body }).catch(() => undefined); // a report of a fault makes no fault of its own
}

function whichApp(): { platform: "h5" | "mp-weixin"; release: string } {
  // #ifdef H5
  return { platform: "h5", release: "" };
  // #endif
  // #ifndef H5
  return { platform: "mp-weixin", release: uni.getAccountInfoSync().miniProgram.version.slice(0, 20) };
  // #endif
}
