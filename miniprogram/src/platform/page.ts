/** The H5 page itself: its outline until the first screen is there, and the service worker that keeps it for when there is no signal. */
import { reactive } from "vue";

const WORKER = "/h5/sw.js";
const AFTER = 5000; // ms: the first screen and its requests come first

/** `isNewer`: a newer version is here, and is taken up when `takeOver` is called or the page is opened anew. */
export const page = reactive({ isNewer: false });

/** Take the outline of index.html, the home page's, which a phone on a bad line shows meanwhile, away when the first page is drawn. */
export function endOutline(): void {
  const watcher = new MutationObserver(() => {
    if (!document.querySelector("uni-page-body > *")) return;
    document.getElementById("outline")?.remove();
    watcher.disconnect();
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}

/** Keep the page, once it is quiet. Browsers without a service worker, and pages that did not come by HTTPS, go on without. */
export function keepPage(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => setTimeout(() => void register().catch(() => undefined), AFTER));
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register(WORKER);
  note(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => note(registration));
  });
}

/** A worker that waits beside one that works is an update; the first one is none. */
function note(registration: ServiceWorkerRegistration): void {
  page.isNewer = Boolean(registration.waiting && navigator.serviceWorker.controller);
}

/** Begin the newer version: drafts and what is on its way are kept on the phone, and go on in it. */
export async function takeOver(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (registration?.waiting) registration.waiting.postMessage("take over");
  else location.reload();
}
