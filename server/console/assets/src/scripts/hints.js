// What somebody is told who sees a page for the first time, and a dot beside the help while there is news. Which ones
// somebody has read stays in their own browser.
const READ = "hints-read";
const NEWS = "news-read";

export function installHints() {
  const hint = document.querySelector("[data-page-hint]");
  if (hint) showOnce(hint);
  const help = document.querySelector("[data-news]");
  if (!help) return;
  if (location.pathname === "/console/help/news") localStorage.setItem(NEWS, help.dataset.news);
  help.classList.toggle("has-news", (localStorage.getItem(NEWS) ?? "") < help.dataset.news);
}

function showOnce(hint) {
  const read = new Set(JSON.parse(localStorage.getItem(READ) ?? "[]"));
  hint.hidden = read.has(hint.dataset.pageHint);
  hint.querySelector("button").addEventListener("click", () => {
    localStorage.setItem(READ, JSON.stringify([...read, hint.dataset.pageHint]));
    hint.hidden = true;
  });
}
