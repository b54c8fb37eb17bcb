/**
 * Upload the built mini program to WeChat as a development version, by miniprogram-ci.
 *
 *   node checks/upload.mjs --version 1.2.0 --key /safe/place/private.key [--desc "…"] [--appid wx…] [--robot 1] [--dry-run]
 *
 * What is left out is taken from MINIPROGRAM_VERSION, MINIPROGRAM_KEY, MINIPROGRAM_DESC, MINIPROGRAM_APPID. --dry-run checks
 * everything that can be checked here and uploads nothing.
 */
import { existsSync, readFileSync } from "node:fs";
import { createPrivateKey } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUILT = join(HERE, "..", "dist", "build", "mp-weixin");

/** The options, from arguments and environment. Throws Error with words for whoever uploads. */
export function optionsOf(args, env, built = BUILT) {
  const { values } = parseArgs({
    args,
    options: {
      version: { type: "string" }, key: { type: "string" }, desc: { type: "string" }, appid: { type: "string" },
      robot: { type: "string" }, "dry-run": { type: "boolean" },
    },
  });
  const project = join(built, "project.config.json");
  if (!existsSync(join(built, "app.json"))) throw new Error("没有找到构建结果，请先运行 npm run build:mp-weixin。");
  const appid = values.appid ?? env.MINIPROGRAM_APPID ?? (existsSync(project) ? JSON.parse(readFileSync(project, "utf8")).appid : "");
  if (!/^wx[0-9a-f]{16}$/.test(appid ?? "")) {
    throw new Error("AppID 不对：写进 src/manifest.json 再构建，或用 --appid 给出（wx 加 16 位）。");
  }
  const version = values.version ?? env.MINIPROGRAM_VERSION ?? "";
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error("版本号要写成 1.2.3，用 --version 或 MINIPROGRAM_VERSION 给出。");
  const key = values.key ?? env.MINIPROGRAM_KEY ?? "";
  if (!key || !existsSync(key)) throw new Error("没有找到上传密钥，用 --key 或 MINIPROGRAM_KEY 给出文件位置。");
  try {
    createPrivateKey(readFileSync(key));
  } catch {
    throw new Error("上传密钥不是 PEM 格式的私钥，请到“开发管理 → 开发设置 → 小程序代码上传”重新下载。");
  }
  const robot = Number(values.robot ?? 1);
  if (!Number.isInteger(robot) || robot < 1 || robot > 30) throw new Error("--robot 是 1 到 30 的数。");
  checkServer(built);
  const desc = values.desc ?? env.MINIPROGRAM_DESC ?? `安全随手拍 ${version}`;
  return { appid, version, key: resolve(key), desc, robot, isDry: values["dry-run"] === true, built };
}

/** A build for this machine must not reach people's phones. */
function checkServer(built) {
  const client = join(built, "api", "client.js");
  if (existsSync(client) && readFileSync(client, "utf8").includes("http://127.0.0.1")) {
    throw new Error("构建时没有给出服务器网址：VITE_SERVER=https://你的域名 npm run build:mp-weixin。");
  }
}

async function main() {
  const options = optionsOf(process.argv.slice(2), process.env);
  if (options.isDry) {
    console.log(`检查通过：${options.appid} ${options.version}，没有上传。`);
    return;
  }
  const { default: ci } = await import("miniprogram-ci");
  const project = new ci.Project({ appid: options.appid, type: "miniProgram", projectPath: options.built, privateKeyPath: options.key });
  await ci.upload({
    project, version: options.version, desc: options.desc, robot: options.robot, setting: { es6: true, minify: true },
    onProgressUpdate: () => undefined,
  });
  console.log(`已上传 ${options.appid} ${options.version}。请到微信公众平台“版本管理”里提交审核。`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(`没有上传：${error.message}`);
    process.exitCode = 1;
  });
}
