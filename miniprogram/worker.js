/**
 * The H5 page's service worker: keeps the page itself, so that it opens without a signal. vite.page.ts fills in what there is to keep.
 * Nothing of a person passes through here: answers of the API and photos are left to the browser.
 */
const VERSION = "__VERSION__"; // of the build
const FIRST = ["__FIRST__"]; // what the first screen needs
const REST = ["__REST__"];
const BASE = "/h5/";
const CACHE = `h5-${VERSION}`;

/** One file after the other, so that the worker's own requests are not held up; most come out of the browser's cache. */
async function keep() {
  const cache = await caches.open(CACHE);
  for (const file of [BASE, ...FIRST, ...REST]) {
    if (!(await cache.match(file))) await cache.add(new Request(file, { cache: file === BASE ? "no-cache" : "default" }));
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("h5-") && name !== CACHE).map((name) => caches.delete(name)));
}

/** From what is kept; a file of an earlier build, asked for by a page that is still open, from the server. */
async function answer(request, isPage) {
  const kept = await caches.match(isPage ? BASE : request, { cacheName: CACHE });
  return kept ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !pathname.startsWith(BASE)) return;
  event.respondWith(answer(request, request.mode === "navigate"));
});
