// Keys pressed while a page is still loading wait here until the console's script takes them up (scripts/keys.js): who
// clears a queue by keys is faster than a slow line. The page waits for this script, so it stays this small.
window.earlyKeys = [];
document.addEventListener("keydown", (event) => {
  const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);
  if (isPlain && document.activeElement === document.body) window.earlyKeys?.push(event);
});
