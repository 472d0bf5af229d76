import { useComputedColorScheme } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { colour } from "@/theme/theme";
import { type ChartProps, valueSaid } from "./Chart";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  TooltipComponent,
]);

/** The drawing itself, in the theme's colours. Tooltips are drawn too: the page allows no inline
 * style, which those made of HTML need. */
export default function ChartDrawn(props: ChartProps & { height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const still = useReducedMotion();
  const scheme = useComputedColorScheme();
  const navigate = useNavigate();
  const open = (label: number, series: number) => {
    const to = props.rows?.(label, series);
    if (to) void navigate(to);
  };
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (!place.current) return undefined;
    const chart = init(place.current, undefined, { renderer: "canvas" });
    chart.on("click", (event) => {
      latest.current(event.dataIndex, event.seriesIndex ?? 0);
    });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, []);
  useEffect(() => {
    if (!place.current) return;
    void scheme; // the colours below are those of the scheme
    getInstanceByDom(place.current)?.setOption(options(props, !!still), true);
  }, [props, still, scheme]);
  return <div ref={place} style={{ height: props.height }} role="img" aria-label={props.title} />;
}

/** What ECharts draws. */
export function options(
  { labels, series, marks = [], unit = "", title }: ChartProps,
  still: boolean,
): EChartsCoreOption {
  const line = { lineStyle: { color: colour("line") } };
  const text = { color: colour("ink-soft") };
  return {
    aria: { enabled: true, label: { description: title } },
    animation: !still,
    animationDuration: 200,
    grid: { left: 8, right: 12, top: series.length > 1 ? 32 : 12, bottom: 4, containLabel: true },
    legend: {
      show: series.length > 1,
      top: 0,
      left: 0,
      textStyle: text,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      itemGap: 16,
    },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: colour("surface"),
      borderColor: colour("line"),
      textStyle: { color: colour("ink") },
      valueFormatter: (value: unknown) => valueSaid(value as number | null | undefined, unit),
    },
    xAxis: {
      type: "category",
      data: labels,
      axisLine: line,
      axisTick: { show: false },
      axisLabel: text,
    },
    yAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: line },
    series: series.map((one, at) => ({
      name: one.name,
      type: one.kind === "bar" ? "bar" : "line",
      ...(one.stack ? { stack: one.stack } : {}),
      ...(one.kind === "area" ? { areaStyle: { opacity: 0.25 } } : {}),
      data: one.values,
      // A line of one point would not be seen.
      showSymbol: one.values.filter((value) => value !== null).length < 2,
      connectNulls: false,
      itemStyle: { color: colour(one.colour) },
      lineStyle: { width: 2, color: colour(one.colour) },
      ...(at === 0 && marks.length > 0
        ? {
            markLine: {
              symbol: "none",
              silent: true,
              lineStyle: { color: colour("ink-soft"), type: "dashed" },
              label: { formatter: "{b}", ...text },
              data: marks.map((mark) => ({ xAxis: mark.label, name: mark.said })),
            },
          }
        : {}),
    })),
  };
}
