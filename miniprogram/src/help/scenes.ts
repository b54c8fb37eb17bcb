/** What a hazard looks like: one drawing for each category that the service ships, named by the category's code. */
const PICTURES = import.meta.glob<string>("./pictures/*.svg", { query: "?raw", import: "default", eager: true });

export interface Scene {
  code: string;
  title: string;
  also: string; // what else is of the kind
}

export const SCENES: Scene[] = [
  { code: "electricity", title: "电线露着，配电箱没关门", also: "插排串着接、线泡在水里、开关发烫也算。" },
  { code: "passage", title: "安全出口、通道堵住了", also: "门锁着、应急灯不亮、地上有水有油也算。" },
  { code: "height", title: "高处没有栏杆，人没系安全带", also: "梯子没人扶、跳板没固定、洞口没盖也算。" },
  { code: "machinery", title: "皮带、齿轮没有防护罩", also: "急停按钮坏了、机器没停就伸手也算。" },
  { code: "ppe", title: "没戴安全帽", also: "该戴的眼镜、手套、防护鞋没戴也算。" },
  { code: "gas", title: "气瓶躺着放，在漏气", also: "没有链子固定、离火太近、有刺鼻的味道也算。" },
  { code: "fire", title: "电焊旁边有纸箱、油桶", also: "灭火器没压力、被挡住，在禁烟的地方抽烟也算。" },
  { code: "vehicle", title: "叉车后面有人，货挡住视线", also: "货叉上站人、车速太快、倒车没人看也算。" },
  { code: "lifting", title: "吊着的东西下面站人", also: "钢丝绳断股、吊钩没有防脱扣也算。" },
  { code: "chemical", title: "桶上没标签，在漏", also: "没盖盖子、混着放、没有通风也算。" },
  { code: "health", title: "灰很大，没戴口罩", also: "太吵没戴耳塞、太热没水喝也算。" },
  { code: "collapse", title: "货堆歪了，快要倒", also: "墙有裂缝、沟边没有支护也算。" },
  { code: "behavior", title: "凳子摞桌子，站上去干活", also: "酒后上岗、没有证就开机器也算。" },
  { code: "other", title: "井盖开着，旁边没有围栏", also: "走路看手机、地面塌陷，拿不准的都可以拍。" },
];

/** As an address for a background: the mini program knows no inline SVG. */
export const backgroundOf = (scene: Scene): string => `background-image:url('data:image/svg+xml,${encodeURIComponent(PICTURES[`./pictures/${scene.code}.svg`] ?? "").replace(/'/g, "%27")}')`;
