/**
 * One life of the built mini program in Node: WeChat's components by miniprogram-simulate, WeChat's API by the strict `wx` below.
 *
 * What a phone keeps is kept in a folder (storage.json, usr/), so that a later process is the same phone after the app was killed.
 * Strict means: an API that is not here, an option WeChat does not know, a page that does not exist, a file outside of the user's
 * folder or an address other than the server's ends the life with an error.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { JSDOM } from "jsdom";

import { Phone } from "./phone.mjs";
import { mistake, wxOf } from "./wx.mjs";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../dist/build/mp-weixin", import.meta.url));
const settings = JSON.parse(readFileSync(join(root, "app.json"), "utf8"));
const routes = [...settings.pages, ...(settings.subPackages ?? []).flatMap(({ root: folder, pages }) => pages.map((page) => join(folder, page)))];
const tabs = settings.tabBar.list.map((tab) => tab.pagePath);

process.on("unhandledRejection", (reason) => {
  console.error(`nobody caught: ${reason?.errMsg ?? reason?.stack ?? reason}`);
  process.exit(1);
});

/** A running app: `pages` is the stack, the last one is on the screen. */
export class App {
  /** Start it on the phone kept in `folder`; `server` is the address of the real one. `plugin`: the one for speech, of a build that has it. */
  static async start(folder, { server, online, photos = [], plugin = null }) {
    const app = new App(new Phone(folder, { server, online, photos }));
    await app.#launch(plugin);
    return app;
  }

  constructor(phone) {
    this.phone = phone;
    this.pages = [];
  }

  get page() {
    return this.pages.at(-1);
  }

  /** All that is written on the page on the screen. */
  get text() {
    return this.page.view.dom.textContent;
  }

  /** Tap the first element of that class, wherever in the page's components it is; WeChat makes another event of some taps. */
  tap(className, event = "tap") {
    const found = find(this.page.view, `.${className}`);
    if (!found) throw new Error(`nothing to tap: .${className} on ${this.page.route}, which says: ${this.text}`);
    found.dispatchEvent(event);
  }

  /** Type into the first field of that class. */
  type(className, value) {
    const found = find(this.page.view, `.${className}`);
    if (!found) throw new Error(`nothing to type into: .${className} on ${this.page.route}, which says: ${this.text}`);
    found.dispatchEvent("input", { detail: { value } });
  }

  /** Agree to the privacy policy, which is the first that a new phone shows. */
  async agree() {
    await this.until("the question for consent", () => this.page.route === "pages/profile/consent" && this.text.includes("同意，开始使用"));
    this.tap("t-agree", "agreeprivacyauthorization");
  }

  /** Wait until `condition` holds; say what the screen says if it never does. */
  async until(what, condition, milliseconds = 15_000) {
    const end = Date.now() + milliseconds;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`waited in vain for: ${what}. ${this.page.route} says: ${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #launch(plugin) {
    const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true });
    for (const name of ["document", "HTMLElement", "Element", "Node", "Event", "CustomEvent"]) globalThis[name] = window[name];
    globalThis.window = window;
    this.simulate = require("miniprogram-simulate");
    globalThis.wx = wxOf(this.phone, this);
    globalThis.Page = () => { throw new Error("pages of this build are components"); };
    globalThis.App = (options) => { this.options = options; };
    globalThis.getApp = () => this.options;
    globalThis.getCurrentPages = () => this.pages.map((page) => page.view.instance);
    globalThis.requirePlugin = (name) => (plugin && name === "WechatSI" ? plugin : mistake(`the build declares no plugin ${name}`));
    if (plugin) require(join(root, "platform/wechatDictation.js")).hasPlugin = () => true; // as VITE_WECHAT_SI says when it is built
    require(join(root, "app.js"));
    const launch = { path: settings.pages[0], query: {}, scene: 1001 };
    this.options.onLaunch(launch);
    this.options.onShow?.(launch);
    this.open(settings.pages[0], {});
  }

  /** Put a page on the stack and show it, as WeChat does. */
  open(route, query) {
    const view = this.simulate.render(this.simulate.load(join(root, route), "page", { compiler: "official", rootPath: root }));
    view.instance.route = route;
    this.page?.view.instance.onHide?.();
    this.pages.push({ route, view });
    view.attach(document.body);
    view.instance.onLoad?.(query);
    this.#show();
  }

  #show() {
    this.page.view.instance.onShow?.();
  }

  #close(page) {
    page.view.instance.onUnload?.();
    page.view.detach();
  }

  navigateTo(route, query) {
    if (tabs.includes(route)) throw new Error(`navigateTo to the tab ${route}`);
    this.open(route, query);
  }

  /** In the place of the page on the screen. */
  redirectTo(route, query) {
    if (tabs.includes(route)) throw new Error(`redirectTo to the tab ${route}`);
    this.#close(this.pages.pop());
    this.open(route, query);
  }

  /** A tab stays alive in the background; everything above it goes. */
  switchTab(route) {
    if (!tabs.includes(route)) throw new Error(`switchTab to ${route}, which is no tab`);
    const shown = this.page;
    for (const page of this.pages.filter((known) => !tabs.includes(known.route))) this.#close(page);
    this.pages = this.pages.filter((page) => tabs.includes(page.route));
    const known = this.pages.find((page) => page.route === route);
    if (!known) return this.open(route, {});
    if (known === shown) return undefined;
    this.pages = [...this.pages.filter((page) => page !== known), known];
    return this.#show();
  }

  navigateBack(delta) {
    for (let step = 0; step < delta && this.pages.length > 1; step += 1) this.#close(this.pages.pop());
    this.#show();
  }

  reLaunch(route, query) {
    for (const page of this.pages.splice(0)) this.#close(page);
    this.open(route, query);
  }

  hasPage(route) {
    return routes.includes(route);
  }

  get onTab() {
    return tabs.includes(this.page?.route);
  }
}

/** The first element of the page, or else of a component in it, however deep: exparser's own selectors know neither `*` nor the components' insides. */
function find(view, selector) {
  return view.querySelector(selector) ?? firstOf(inside(view._exparserNode), (node) => find(wrapped(view, node), selector));
}

/** Components that stand in a component's own tree. */
function* inside(component) {
  const nodes = [...(component.shadowRoot?.childNodes ?? [])];
  for (let node = nodes.shift(); node; node = nodes.shift()) {
    if (node.shadowRoot) yield node;
    nodes.unshift(...(node.childNodes ?? []));
  }
}

const wrapped = (view, node) => node.__componentNode__ ?? { _exparserNode: node, querySelector: view.querySelector };

function firstOf(nodes, look) {
  for (const node of nodes) {
    const found = look(node);
    if (found) return found;
  }
  return undefined;
}
