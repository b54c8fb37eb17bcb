// What a refused form held goes back into it: the error page keeps it for this tab, the page it came from fills it in.
const KEY = "refused-form";

export function installRefused() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-kept]");
    if (link) sessionStorage.setItem(KEY, JSON.stringify({ ...link.dataset }));
  });
  const kept = sessionStorage.getItem(KEY);
  if (!kept) return;
  sessionStorage.removeItem(KEY);
  const { action, message, kept: fields } = JSON.parse(kept);
  const form = [...document.forms].find((each) => new URL(each.action).pathname === action);
  if (form) refill(form, JSON.parse(fields), message);
  else showWords(JSON.parse(fields), message);
}

// The page has no such form any more: what was written stands above it, to be copied.
function showWords(fields, message) {
  const notice = noticeOf(`${message}这里已经没有这张表单，您写的内容还没有保存，请复制下来：`);
  for (const [, value] of fields.filter(([, value]) => /[^a-z0-9_:-]/i.test(value))) {
    const area = document.createElement("textarea");
    Object.assign(area, { className: "form-control mt-2", readOnly: true, value, ariaLabel: "写过的内容" });
    notice.append(area);
  }
  document.getElementById("main")?.prepend(notice);
}

function noticeOf(words) {
  const notice = document.createElement("div");
  notice.className = "notice notice-danger";
  notice.setAttribute("role", "alert");
  notice.textContent = words;
  return notice;
}

function refill(form, fields, message) {
  for (const input of form.elements) {
    if (!input.name || ["hidden", "file", "password", "submit"].includes(input.type)) continue;
    const same = fields.filter(([name]) => name === input.name);
    if (["checkbox", "radio"].includes(input.type)) input.checked = same.some(([, value]) => value === input.value);
    else if (same.length) [, input.value] = fields.splice(fields.indexOf(same[0]), 1)[0];
  }
  for (let each = form; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  form.prepend(noticeOf(`${message}刚才填写的内容已放回，请修改后再提交。`));
  form.scrollIntoView({ block: "center" });
  form.querySelector("input:not([type=hidden]), textarea, select")?.focus({ preventScroll: true });
}
