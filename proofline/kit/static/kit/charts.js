// Draws {% chart %}: bars, lines, funnels and flows from the JSON beside them, in the page's own colours. ECharts is fetched at the first chart.
"use strict";
(() => {
  const source = document.currentScript.dataset.echarts;
  let loading;
  const library = () => (loading ||= new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  }));

  // Canvas wants plain colours: let the browser work out light-dark() and color-mix().
  const probe = document.createElement("span");
  const colour = (value) => {
    probe.style.color = value;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    const mixed = found.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)/);
    if (!mixed) return found;
    const [r, g, b] = mixed.slice(1, 4).map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255));
    return `rgba(${r},${g},${b},${mixed[4] ?? 1})`;
  };
  // Two series are the accent and its tint. More have to be told apart: the accent turned to its neighbours, then the same three nearer to the ink.
  const TURNS = [0, 45, -70];
  const ordinal = (data, index) => data.series.slice(0, index).filter((run) => run.tone === "accent").length;
  const tones = (data, index) => {
    const { tone } = data.series[index];
    if (["good", "warn", "bad", "info"].includes(tone)) return `var(--${tone})`;
    if (tone === "second") return "var(--second, color-mix(in srgb, var(--ink-3) 70%, var(--ground)))";
    if (tone === "quiet") return "color-mix(in srgb, var(--ink-3) 70%, var(--ground))";
    const at = ordinal(data, index);
    if (data.series.length < 3) return `color-mix(in srgb, var(--accent) ${at ? 60 : 100}%, var(--ground))`;
    const turned = `oklch(from var(--accent) l max(c, 0.1) calc(h + ${TURNS[at % TURNS.length]}))`;
    return `color-mix(in srgb, ${turned} ${at % 6 < 3 ? 100 : 45}%, var(--ink))`;
  };
  const palette = () => ({ ink: colour("var(--ink)"), ink2: colour("var(--ink-2)"), ink3: colour("var(--ink-3)"), rule: colour("var(--rule)"), ground: colour("var(--ground)"), raised: colour("var(--ground-raised)"), soft: colour("color-mix(in srgb, var(--accent) 9%, var(--ground))") });
  const font = () => getComputedStyle(document.body).fontFamily;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const quick = () => (still.matches ? 0 : 150);

  const tooltip = (p, data) => ({
    trigger: "axis",
    renderMode: "richText",
    confine: true,
    backgroundColor: p.raised,
    borderColor: p.rule,
    padding: [6, 10],
    textStyle: { color: p.ink, fontSize: 13, fontFamily: font() },
    axisPointer: { type: data.kind === "line" ? "line" : "shadow", shadowStyle: { color: p.rule, opacity: 0.35 }, lineStyle: { color: p.ink3 } },
    formatter: (items) => {
      const list = Array.isArray(items) ? items : [items];
      const at = list[0].dataIndex;
      return [data.labels[at], ...data.series.map((series) => `${data.series.length > 1 ? `${series.name}  ` : ""}${series.written[at]}`)].join("\n");
    },
  });

  const short = (value) => new Intl.NumberFormat(document.documentElement.lang || "en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
  const isWhole = (data) => { // a share ends at the whole
    const most = Math.max(...data.series.flatMap((run) => run.values));
    return data.unit === "%" && most > 80 && most <= 100;
  };
  const valueAxis = (p, data) => ({
    type: "value", min: data.series.some((run) => run.values.some((value) => value < 0)) ? null : 0, splitNumber: 4, name: data.unit,
    ...(isWhole(data) ? { max: 100, interval: 25 } : {}),
    nameTextStyle: { color: p.ink3, fontSize: 12, align: data.horizontal ? "right" : "left", padding: [0, 0, 2, 0] }, nameGap: 10, nameLocation: "end",
    axisLabel: { color: p.ink3, fontSize: 12, formatter: short }, splitLine: { lineStyle: { color: p.rule } }, axisLine: { show: false }, axisTick: { show: false },
  });
  const labelAxis = (p, data, extra) => ({
    type: "category", data: data.labels, axisLabel: { color: p.ink2, fontSize: 12, hideOverlap: true, width: data.horizontal ? 132 : undefined, overflow: "truncate" },
    axisLine: { show: !data.horizontal, lineStyle: { color: p.rule } }, axisTick: { show: false }, ...extra,
  });

  const bars = (p, data) => {
    const few = data.series.length === 1 && data.labels.length <= 16;
    const series = data.series.map((run, index) => ({
      type: "bar", name: run.name, data: run.values, stack: data.stacked ? "all" : undefined, barMaxWidth: data.touching ? undefined : data.horizontal ? 16 : 36, barCategoryGap: data.touching ? "4%" : undefined, barGap: "12%", cursor: run.urls.some(Boolean) ? "pointer" : "default",
      itemStyle: { color: colour(tones(data, index)), borderRadius: data.stacked ? 0 : data.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      label: { show: few, position: data.horizontal ? "right" : "top", color: p.ink2, fontSize: 12, fontFamily: font(), formatter: (item) => run.written[item.dataIndex] },
      emphasis: { disabled: !run.urls.some(Boolean) },
    }));
    const value = { ...valueAxis(p, data), ...(few ? { axisLabel: { show: false }, splitLine: { show: false }, name: "" } : {}) };
    const label = labelAxis(p, data, data.horizontal ? { inverse: true } : {});
    const many = data.series.length > 1; // bars on top of each other have no end where their names could stand
    const legend = many ? { legend: { top: 0, right: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: { color: p.ink2, fontSize: 12, fontFamily: font() }, data: data.series.map((run) => run.name) } } : {};
    return { ...legend, grid: { left: 0, right: data.horizontal ? 64 : 4, top: few ? 24 : many ? 40 : 30, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" }, xAxis: data.horizontal ? value : label, yAxis: data.horizontal ? label : value, series };
  };

  const named = (data) => Math.min(150, data.width / 4, 30 + 7 * Math.max(...data.series.map((run) => run.name.length)));
  const lines = (p, data) => ({
    grid: { left: 0, right: data.series.length > 1 ? named(data) : 12, top: 30, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: labelAxis(p, data, { boundaryGap: false }),
    yAxis: valueAxis(p, data),
    series: data.series.map((run, index) => ({
      type: "line", name: run.name, data: run.values, symbol: "circle", symbolSize: 6, showSymbol: data.labels.length <= 14, connectNulls: false, lineStyle: { width: 2, type: ordinal(data, index) < 6 ? "solid" : "dashed" }, color: colour(tones(data, index)), cursor: run.urls.some(Boolean) ? "pointer" : "default", triggerLineEvent: false,
      stack: data.stacked ? "all" : undefined,
      areaStyle: data.stacked ? { opacity: 0.35 } : data.series.length === 1 ? { color: p.soft } : undefined,
      labelLayout: { moveOverlap: "shiftY" },
      endLabel: { show: data.series.length > 1, formatter: () => `{dot|●} ${run.name}`, rich: { dot: { color: colour(tones(data, index)) } }, color: p.ink2, fontSize: 12, fontFamily: font(), width: named(data) - 8, overflow: "truncate" },
    })),
  });

  const funnel = (p, data) => {
    const [run] = data.series;
    const main = { ...bars(p, data) };
    main.series = [{ ...main.series[0], barMaxWidth: 72, barCategoryGap: "28%", label: { ...main.series[0].label, show: true, formatter: (item) => data.notes[item.dataIndex] ? `{b|${run.written[item.dataIndex]}}\n{n|${data.notes[item.dataIndex]}}` : `{b|${run.written[item.dataIndex]}}`, rich: { b: { color: p.ink, fontSize: 14, fontWeight: 600, lineHeight: 18, align: "center" }, n: { color: p.ink3, fontSize: 12, lineHeight: 16, align: "center" } } } }];
    main.grid = { ...main.grid, top: 44 };
    main.xAxis = { ...main.xAxis, axisLabel: { ...main.xAxis.axisLabel, interval: 0, hideOverlap: false, overflow: "break", lineHeight: 14, width: Math.max(40, Math.floor(data.width / data.labels.length) - 8) } };
    return main;
  };

  const sankey = (p, data) => {
    const [run] = data.series;
    const depth = (key) => key.split(":")[0];
    const all = Object.keys(data.nodes);
    const columns = [...new Set(all.map(depth))];
    const most = Math.max(3, Math.floor(data.width / 130)); // so many columns have room for their names
    const last = all.filter((key) => depth(key) === columns.at(-1));
    const depths = last.length === 1 ? columns.slice(-most) : columns.slice(0, most); // the single node is what the flows are about
    const keys = all.filter((key) => depths.includes(depth(key)));
    const room = Math.min(132, Math.floor(data.width / 4)); // for the names at the right edge
    const between = Math.min(132, (data.width - room) / Math.max(1, depths.length - 1) - 20);
    const links = data.flows.map(([source, target], at) => ({ source, target, at, value: run.values[at] })).filter((flow) => keys.includes(flow.source) && keys.includes(flow.target));
    return {
      tooltip: { ...tooltip(p, data), trigger: "item", formatter: (item) => item.dataType === "edge" ? `${data.labels[item.data.at]}\n${run.written[item.data.at]}` : data.nodes[item.name] },
      series: [{
        type: "sankey", animationDuration: quick(), left: 0, right: room, top: 8, bottom: 8, nodeWidth: 10, nodeGap: 12, draggable: false, layoutIterations: 32, emphasis: { focus: "adjacency" },
        data: keys.map((key) => ({ name: key, depth: depths.indexOf(depth(key)), itemStyle: { color: colour("var(--accent)"), borderWidth: 0 }, label: { width: depth(key) === depths.at(-1) ? room - 18 : between } })),
        links,
        lineStyle: { color: colour("var(--accent)"), opacity: 0.18, curveness: 0.5 },
        label: { color: p.ink2, fontSize: 12, fontFamily: font(), position: "right", overflow: "truncate", formatter: (item) => data.nodes[item.name] },
        cursor: run.urls.some(Boolean) ? "pointer" : "default",
      }],
    };
  };

  const KINDS = { bar: bars, line: lines, funnel, sankey };
  const go = (url) => { const link = Object.assign(document.createElement("a"), { href: url, hidden: true }); (document.querySelector("#main") || document.body).append(link); window.htmx?.process(link); link.click(); link.remove(); };

  const draw = async (place) => {
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    data.width = place.clientWidth;
    if (place.dataset.height) place.style.height = `${place.dataset.height}px`;
    const echarts = await library();
    if (!place.isConnected) return;
    const chart = echarts.init(place, null, { renderer: "canvas" });
    const show = () => {
      const p = palette();
      chart.setOption({ animationDuration: quick(), textStyle: { fontFamily: font() }, tooltip: tooltip(p, data), ...KINDS[data.kind](p, data) }, true);
    };
    show();
    chart.on("click", (item) => { if (item.dataType === "node") return; const url = data.series[item.seriesIndex]?.urls[item.data?.at ?? item.dataIndex]; if (url) go(url); });
    const watch = new ResizeObserver(() => (place.isConnected ? chart.resize() : (watch.disconnect(), chart.dispose())));
    watch.observe(place);
    document.addEventListener("proofline:theme", () => { if (place.isConnected) show(); });
    place.dataset.drawn = "true";
  };

  const ready = () => window.proofline ? window.proofline.mount("[data-chart]", draw) : setTimeout(ready, 20);
  ready();
})();
