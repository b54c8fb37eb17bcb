// Charts of the figures page: a bundle of its own, for no other page needs ECharts. The page's data is one JSON attribute;
// each [data-chart] element is drawn from the entry of its name. The numbers are also in tables beside.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const style = getComputedStyle(document.body);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const palette = [colour("brand"), colour("warn"), colour("ok")];
// Charts know pixels alone; on the large screen words are so much of its width.
const size = style.getPropertyValue("--chart-text") ? (Number.parseFloat(style.getPropertyValue("--chart-text")) * innerWidth) / 100 : 12;
const text = { color: colour("muted"), fontFamily: style.getPropertyValue("--font"), fontSize: size };
const whole = { minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: colour("line") } } };

function base(chart) {
  return {
    color: palette,
    textStyle: text,
    animation: false,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    legend: { top: 0, right: 0, show: chart.series.length > 1, textStyle: text, itemWidth: 14 },
    grid: { left: 8, right: 16, top: 12 + size * 1.7, bottom: 4, containLabel: true },
  };
}

const kinds = {
  // Steps as bars from one edge: lengths can be compared, which the slanted sides of a funnel do not allow.
  funnel: (chart) => {
    const values = chart.series[0][1];
    const share = (value) => (values[0] ? `${value}（${Math.round((value / values[0]) * 100)}%）` : String(value));
    return {
      ...base(chart),
      xAxis: { type: "value", ...whole },
      yAxis: { type: "category", data: chart.labels, inverse: true, axisLabel: text },
      series: [
        {
          type: "bar",
          name: chart.series[0][0],
          barMaxWidth: 26,
          label: { show: true, position: "right", color: colour("ink"), formatter: ({ value }) => share(value) },
          data: values,
        },
      ],
      grid: { left: 8, right: 96, top: 4, bottom: 4, containLabel: true },
    };
  },
  line: (chart) => ({
    ...base(chart),
    xAxis: { type: "category", data: chart.labels, axisLabel: text, boundaryGap: false },
    yAxis: { type: "value", ...whole },
    series: chart.series.map(([name, data]) => ({ type: "line", name, data, symbolSize: 5, lineStyle: { width: size / 6 }, showSymbol: data.length < 15 })),
  }),
  // One day alone would be a dot of a line.
  columns: (chart) => ({
    ...base(chart),
    xAxis: { type: "category", data: chart.labels, axisLabel: text },
    yAxis: { type: "value", ...whole },
    series: chart.series.map(([name, data]) => ({
      type: "bar",
      name,
      data,
      barMaxWidth: 48,
      label: { show: true, position: "top", color: colour("ink") },
    })),
  }),
  rates: (chart) => ({
    ...base(chart),
    xAxis: { type: "value", min: 0, max: 100, axisLabel: { ...text, formatter: "{value}%" }, splitLine: whole.splitLine },
    yAxis: { type: "category", data: chart.labels, inverse: true, axisLabel: { ...text, width: 110, overflow: "truncate" } },
    series: chart.series.map(([name, data]) => ({
      type: "bar",
      name,
      data,
      barMaxWidth: 14,
      label: { show: true, position: "right", color: colour("ink"), formatter: "{c}%" },
    })),
    grid: { left: 8, right: 48, top: 32, bottom: 4, containLabel: true },
  }),
  bars: (chart) => ({
    ...base(chart),
    xAxis: { type: "value", ...whole },
    yAxis: { type: "category", data: chart.labels, inverse: true, axisLabel: { ...text, width: 110, overflow: "truncate" } },
    series: chart.series.map(([name, data]) => ({ type: "bar", name, data, barMaxWidth: 14 })),
  }),
  grades: (chart) => ({
    ...base(chart),
    legend: { show: false },
    xAxis: { type: "value", ...whole },
    yAxis: { type: "category", data: chart.labels, inverse: true, axisLabel: text },
    series: [
      {
        type: "bar",
        name: chart.series[1][0],
        barMaxWidth: 22,
        label: { show: true, position: "right", color: colour("ink") },
        data: chart.series[1][1].map((value, index) => ({
          value,
          itemStyle: { color: colour(`grade-${Number.parseInt(chart.labels[index], 10)}`) },
        })),
      },
    ],
  }),
};

let drawn = [];

// What has nothing to show has no place on the page.
function draw() {
  drawn.forEach((instance) => instance.dispose());
  const data = JSON.parse(document.getElementById("charts-data")?.dataset.charts ?? "{}");
  drawn = [...document.querySelectorAll("[data-chart]")].map((element) => {
    const chart = data[element.dataset.chart];
    const grows = ["bars", "rates"].includes(chart.kind) && !document.querySelector("[data-refresh]");
    if (grows) element.style.height = `${64 + chart.labels.length * 44}px`;
    const instance = init(element);
    instance.setOption(kinds[chart.kind](chart));
    return instance;
  });
}

// The large screen looks again by itself. What it shows stays while the service is away, and says so.
async function refresh(page) {
  try {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
    if (!answer.ok || !fresh) throw new Error("not the page");
    page.replaceChildren(...fresh.childNodes);
    draw();
  } catch {
    page.querySelector("[data-lost]").hidden = false;
  }
}

draw();
addEventListener("resize", () => drawn.forEach((instance) => instance.resize()));
const page = document.querySelector("[data-refresh]");
if (page) setInterval(() => refresh(page), Number(page.dataset.refresh) * 1000);
