// A select of unions becomes a combobox (WAI-ARIA): type a part of the name, choose by arrows and Enter. A hidden field
// carries the value, so that forms are sent as without JavaScript; there the select is walked down level by level.
const WAIT = 250; // milliseconds after the last key
const OFFERED = 30; // before anything is typed; the rest is found by its name
let made = 0;

export function installUnionPickers() {
  document.querySelectorAll("select[data-union-picker]").forEach(enhance);
}

function enhance(select) {
  const box = document.createElement("div");
  const list = document.createElement("ul");
  const input = document.createElement("input");
  const sent = document.createElement("input");
  const none = select.options[0].value === "" ? select.options[0].text : "";
  box.className = "union-picker";
  list.className = "union-picker-list";
  list.id = `union-picker-${++made}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  Object.assign(input, { type: "text", className: "form-control", id: select.id, autocomplete: "off" });
  const placeholder = (!select.required && none) || "输入名称查找";
  Object.assign(input, { value: chosenText(select), placeholder, required: select.required });
  for (const name of ["aria-invalid", "aria-describedby", "data-first"])
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  }))
    input.setAttribute(name, value);
  Object.assign(sent, { type: "hidden", name: select.name, value: select.value });
  if ("sendOnChange" in select.dataset) sent.dataset.sendOnChange = "";
  select.replaceWith(box);
  box.append(input, list, sent);
  listen({ select, input, list, sent, first: select.value, active: -1, timer: 0, asking: null });
}

function listen(picker) {
  const { input, list } = picker;
  input.addEventListener("focus", () => {
    input.select();
    show(picker, own(picker));
  });
  input.addEventListener("input", () => {
    clearTimeout(picker.timer);
    picker.timer = setTimeout(() => search(picker), WAIT);
  });
  input.addEventListener("keydown", (event) => press(picker, event));
  input.addEventListener("blur", () => close(picker));
  input.form?.addEventListener("reset", () => setTimeout(() => take(picker, picker.first)));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus, or the list would be gone before the click
    const item = event.target.closest("[role=option]");
    if (item?.dataset.value !== undefined) choose(picker, item.dataset.value, item.dataset.name);
  });
}

function press(picker, event) {
  const items = [...picker.list.querySelectorAll("[data-value]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !picker.list.hidden && items.length) {
    event.preventDefault();
    mark(picker, items, (picker.active + step + items.length) % items.length);
  } else if (event.key === "Enter" && !picker.list.hidden && items[picker.active]) {
    event.preventDefault();
    choose(picker, items[picker.active].dataset.value, items[picker.active].dataset.name);
  } else if (event.key === "Escape" && !picker.list.hidden) {
    event.stopPropagation();
    close(picker);
  }
}

// Without words: what the select offers, the way down and what lies right below.
function own(picker) {
  const options = [...picker.select.options].filter((option) => !option.disabled);
  const items = options.slice(0, OFFERED).map((option) => ({ id: option.value, name: option.text.trim(), area: "" }));
  return { items, more: options.length > OFFERED || options.length < picker.select.options.length };
}

async function search(picker) {
  const words = picker.input.value.trim();
  picker.asking?.abort();
  if (!words) return show(picker, own(picker));
  picker.asking = new AbortController();
  try {
    const { levels } = picker.select.dataset;
    const query = new URLSearchParams(levels ? { q: words, levels } : { q: words });
    const answer = await fetch(`/console/union-choices?${query}`, {
      headers: { Accept: "application/json" },
      signal: picker.asking.signal,
    });
    if (!answer.ok) return tell(picker, "暂时查不了，请稍后再试");
    const found = await answer.json();
    show(picker, found);
    if (!found.items.length) tell(picker, "没有找到，请换个说法");
  } catch (error) {
    if (error.name !== "AbortError") tell(picker, "网络不通，请稍后再试");
  }
}

function show(picker, found) {
  picker.list.replaceChildren(...found.items.map((item, index) => entry(picker, item, index)));
  if (found.more) picker.list.append(note("还有更多，请再多输入几个字"));
  picker.active = -1;
  open(picker);
}

function entry(picker, { id, name, area }, index) {
  const item = document.createElement("li");
  item.id = `${picker.list.id}-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.value = id;
  item.dataset.name = name;
  item.textContent = name;
  if (area) {
    const where = document.createElement("span");
    where.className = "sub";
    where.textContent = area;
    item.append(where);
  }
  return item;
}

function note(words) {
  const item = document.createElement("li");
  item.className = "union-picker-note";
  item.setAttribute("role", "status");
  item.textContent = words;
  return item;
}

function tell(picker, words) {
  picker.list.replaceChildren(note(words));
  picker.active = -1;
  open(picker);
}

function mark(picker, items, index) {
  picker.active = index;
  items.forEach((item, each) => item.setAttribute("aria-selected", String(each === index)));
  items[index].scrollIntoView({ block: "nearest" });
  picker.input.setAttribute("aria-activedescendant", items[index].id);
}

function open(picker) {
  picker.list.hidden = false;
  picker.input.removeAttribute("aria-activedescendant");
  picker.input.setAttribute("aria-expanded", "true");
}

function close(picker) {
  clearTimeout(picker.timer);
  picker.asking?.abort();
  picker.list.hidden = true;
  picker.input.setAttribute("aria-expanded", "false");
  picker.input.removeAttribute("aria-activedescendant");
  picker.input.value = chosenText(picker.select);
}

function choose(picker, value, name) {
  const { select, sent } = picker;
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(name, value));
  take(picker, value);
  sent.dispatchEvent(new Event("change", { bubbles: true }));
}

function take(picker, value) {
  picker.sent.value = picker.select.value = value;
  close(picker);
}

function chosenText(select) {
  return select.value ? select.selectedOptions[0].text.trim() : "";
}
