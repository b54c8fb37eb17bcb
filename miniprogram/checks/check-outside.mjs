/** Neither build fetches anything from anywhere but our own server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { buildOf, end, filesIn } from "./build.mjs";

/** Addresses that stand in the framework's JavaScript, and why nothing ever asks for them. */
const ALLOWED = new Map([
  ["127.0.0.1", "our own server in a build without VITE_SERVER"],
  ["www.w3.org", "names of XML vocabularies, not places"],
  ["vuejs.org", "text of Vue's error messages"],
  ["uniapp.dcloud.net.cn", "text of uni-app's error messages"],
  ["api.map.baidu.com", "uni-app's <map>, which no page uses"],
  ["apis.map.qq.com", "uni-app's <map> and its translation of coordinates, for which no key is configured"],
  ["map.qq.com", "uni-app's <map>, which no page uses"],
  ["maps.googleapis.com", "uni-app's <map>, which no page uses"],
  ["webapi.amap.com", "uni-app's <map>, which no page uses"],
  ["www.googleapis.com", "uni-app's location by Google, for which no key is configured"],
  ["leafletjs.com", "text of Leaflet's licence"],
  ["hac1.dcloud.net.cn", "uni-app's <ad>, which no page uses"],
  ["has1.dcloud.net.cn", "uni-app's <ad>, which no page uses"],
]);

function named(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1]);
}

/** Everything in the build that would make a phone ask another host, or might. */
function outside(folder) {
  const problems = [];
  for (const file of filesIn(folder, /\.(html|css|js|json|svg|wxml|wxss)$/)) {
    const text = readFileSync(join(folder, file), "utf8");
    const fetched = named(text, /(?:\b(?:src|href)=\\?["']|url\(\s*["']?|@import\s+["'])((?:https?:)?\/\/[^"')\\\s]+)/g);
    problems.push(...fetched.map((address) => `${file} fetches ${address}`));
    const mentioned = new Set(named(text, /https?:\/\/([\w.-]+)/g));
    problems.push(...[...mentioned].filter((host) => !ALLOWED.has(host)).map((host) => `${file} mentions ${host}, which is new`));
    if (text.includes("preloadAssets")) problems.push(`${file} preloads the framework vendor's pictures (see vite.config.ts)`);
    if (/String\.fromCharCode\((?:\.\.\.\[)?\d+(?:,\d+){4}/.test(text)) problems.push(`${file} spells out a hidden text by character codes`);
  }
  return problems;
}

const problems = [...outside(buildOf("h5", "index.html")), ...outside(buildOf("mp-weixin", "app.json"))];
if (!problems.length) console.log(`两个构建都不访问外部地址；框架代码里从不调用的地址 ${ALLOWED.size - 1} 个，已逐个说明`);
end(problems);
