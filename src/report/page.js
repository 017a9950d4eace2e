"use strict";
// What the page can do beside being looked at: values under the pointer and by the arrow keys, sorted
// tables, trials that are marked everywhere, and, where a server shows it, staying current.
(function () {
  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function number(value, percent) {
    return percent ? (100 * value).toFixed(2) + " %" : String(+value.toPrecision(4));
  }

  // The index of the point nearest to x.
  function nearest(xs, x) {
    let low = 0, high = xs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (xs[middle] < x) low = middle; else high = middle;
    }
    return x - xs[low] < xs[high] - x ? low : high;
  }

  // ---- Charts ----

  function chart(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const plot = figure.querySelector(".plot"), area = figure.querySelector(".area");
    const cursor = element("div", "cursor"), values = element("div", "values");
    const most = 9, longest = data.series.reduce((a, b) => (b.x.length > a.x.length ? b : a));
    let at = longest.x.length - 1;
    cursor.hidden = values.hidden = true;
    plot.append(cursor, values);

    function rowsAt(x, y) {
      let rows = data.series.map((s) => {
        const i = nearest(s.x, x);
        return { series: s, y: s.y[i], x: s.x[i] };
      });
      if (rows.length > most && y !== null)
        rows.sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y));
      return rows.slice(0, most);
    }

    function show(x, y) {
      const rows = rowsAt(x, y), left = (x - data.x0) / (data.x1 - data.x0);
      const box = area.getBoundingClientRect(), around = plot.getBoundingClientRect();
      cursor.hidden = values.hidden = false;
      cursor.style.left = box.left - around.left + left * box.width + "px";
      values.replaceChildren(element("div", "", "epoch " + number(x)));
      for (const row of rows) {
        const line = element("div", row.series.c >= 0 ? "c" + row.series.c : "");
        if (row.series.c >= 0) line.append(element("i"));
        line.append(element("span", "", row.series.name), element("b", "", number(row.y, data.percent)));
        values.append(line);
      }
      const side = box.left - around.left + left * box.width;
      values.style.left = left < 0.5 ? side + 10 + "px" : "auto";
      values.style.right = left < 0.5 ? "auto" : around.width - side + 10 + "px";
      area.setAttribute("aria-valuenow", number(x));
      area.setAttribute("aria-valuetext", "epoch " + number(x) + ": " +
        rows.map((row) => row.series.name + " " + number(row.y, data.percent)).join(", "));
    }

    function hide() {
      cursor.hidden = values.hidden = true;
    }

    function valueOf(share) {
      return data.log ? data.y0 * Math.pow(data.y1 / data.y0, share) : data.y0 + share * (data.y1 - data.y0);
    }

    function keys(event) {
      const step = event.shiftKey ? 10 : 1, last = longest.x.length - 1;
      const to = { ArrowLeft: at - step, ArrowDown: at - step, ArrowRight: at + step, ArrowUp: at + step, Home: 0, End: last }[event.key];
      if (event.key === "Escape") hide();
      if (to === undefined) return;
      event.preventDefault();
      at = Math.max(0, Math.min(last, to));
      show(longest.x[at], null);
    }

    area.tabIndex = 0;
    area.setAttribute("role", "slider");
    area.setAttribute("aria-label", figure.querySelector("figcaption").textContent + ": values by epoch, with the arrow keys");
    area.setAttribute("aria-valuemin", number(data.x0));
    area.setAttribute("aria-valuemax", number(data.x1));
    area.setAttribute("aria-valuenow", number(longest.x[at]));
    area.addEventListener("pointermove", (event) => {
      const box = area.getBoundingClientRect();
      const x = data.x0 + ((event.clientX - box.left) / box.width) * (data.x1 - data.x0);
      at = nearest(longest.x, x);
      show(longest.x[at], valueOf(1 - (event.clientY - box.top) / box.height));
    });
    area.addEventListener("pointerleave", hide);
    area.addEventListener("blur", hide);
    area.addEventListener("keydown", keys);
    area.addEventListener("focus", () => { if (area.matches(":focus-visible")) show(longest.x[at], null); });
  }

  // ---- Tables ----

  function sortable(table) {
    table.querySelectorAll("thead th").forEach((head, column) => {
      const button = element("button", "", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
        const key = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent;
        const rows = [...body.rows].sort((a, b) => {
          const x = key(a), y = key(b), numbers = x !== "" && y !== "" && !isNaN(x) && !isNaN(y);
          return (up ? 1 : -1) * (numbers ? x - y : String(x).localeCompare(y, undefined, { numeric: true }));
        });
        table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        body.append(...rows);
      });
    });
  }

  // ---- Trials ----

  function mark(event) {
    const main = document.querySelector("main");
    const target = event.target.closest && event.target.closest("[data-t]");
    main.querySelectorAll(".on").forEach((one) => one.classList.remove("on"));
    main.classList.toggle("marking", Boolean(target));
    if (target)
      main.querySelectorAll('[data-t="' + target.dataset.t + '"]').forEach((one) => one.classList.add("on"));
  }

  // ---- A page that a server shows ----

  function follow() {
    const main = document.querySelector("main");
    let tag = null;
    async function look() {
      let stale = false;
      try {
        const answer = await fetch(location.pathname, { headers: tag ? { "If-None-Match": tag } : {} });
        stale = !answer.ok && answer.status !== 304;
        const busy = main.contains(document.activeElement) && document.activeElement.matches(".area, th button");
        if (answer.status === 200 && !busy && !main.querySelector(".values:not([hidden])")) {
          const isFirst = tag === null, open = new Map();
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          tag = answer.headers.get("ETag");
          if (!isFirst) {
            main.querySelectorAll("details[id]").forEach((one) => open.set(one.id, one.open));
            main.replaceChildren(...page.querySelector("main").childNodes);
            open.forEach((value, id) => { const one = document.getElementById(id); if (one) one.open = value; });
            begin();
          }
        }
      } catch (error) {
        stale = true;
      }
      document.getElementById("stale").hidden = !stale;
      setTimeout(look, 2000);
    }
    look();
  }

  function begin() {
    document.querySelectorAll("figure.chart").forEach((figure) => { if (figure.querySelector("script")) chart(figure); });
    document.querySelectorAll("table.sortable").forEach(sortable);
  }

  begin();
  if (document.querySelector("[data-t]")) {
    document.addEventListener("pointerover", mark);
    document.addEventListener("focusin", mark);
  }
  addEventListener("beforeprint", () => document.querySelectorAll("details:not(.long)").forEach((one) => { one.open = true; }));
  if (document.body.dataset.live !== undefined) follow();
})();
