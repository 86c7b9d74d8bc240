"use strict";
(() => {
  const root = document.documentElement;
  const one = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  // by attributes: to ask for its place would lay out all that is not on the screen
  const shown = (element) => !element.closest("[hidden]") && !element.parentElement.closest("details:not([open])");
  const search = one("search");
  const found = one("found");

  document.querySelector(".tools").hidden = false;

  // The theme: what the system says, until somebody says otherwise.
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (systemIsDark.matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { one("theme").textContent = isDark() ? "Light" : "Dark"; };
  const remember = (theme) => { try { localStorage.setItem("review-theme", theme); } catch { /* a file may have no storage */ } };
  const remembered = () => { try { return localStorage.getItem("review-theme"); } catch { return null; } };
  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  nameTheme();
  systemIsDark.addEventListener("change", nameTheme);
  const turn = () => { root.dataset.theme = isDark() ? "light" : "dark"; remember(root.dataset.theme); nameTheme(); };
  one("theme").addEventListener("click", turn);

  // Expand and close.
  const details = () => all("main details");
  const expanded = () => one("expand").getAttribute("aria-pressed") === "true";
  const expand = (open) => {
    details().forEach((item) => { item.open = open; });
    one("expand").setAttribute("aria-pressed", String(open));
    one("expand").textContent = open ? "Close all" : "Expand all";
  };
  one("expand").addEventListener("click", () => expand(!expanded()));

  // Search: hides what does not hold every word, and opens what does, until the search is over.
  const items = all("[data-find]").map((element) => ({ element, text: element.textContent.toLowerCase() }));
  let before = null;
  const find = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) before ??= new Map(details().map((item) => [item, item.open]));
    else before?.forEach((wasOpen, item) => { item.open = wasOpen; });
    if (!words.length) before = null;
    let count = 0;
    items.forEach(({ element, text }) => {
      const hit = words.every((word) => text.includes(word));
      element.hidden = !hit;
      if (hit) count += 1;
    });
    if (words.length) details().forEach((item) => { item.open = item.matches("[data-find]:not([hidden])") || item.querySelector("[data-find]:not([hidden])") !== null || item.closest("li[data-find]:not([hidden])") !== null; });
    all("main section, main article, main .group").forEach((part) => {
      const inside = all("[data-find]", part);
      part.hidden = words.length > 0 && !inside.some((element) => !element.hidden) && part.closest("[data-find]:not([hidden])") === null;
    });
    found.textContent = !words.length ? "" : count ? `${count} of ${items.length} entries hold “${search.value.trim()}”` : `nothing holds “${search.value.trim()}”`;
  };
  search.addEventListener("input", find);

  // The same review for machines.
  one("download").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([one("data").textContent], { type: "application/json" }));
    link.download = "review.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  // Help.
  const help = one("help");
  one("help-button").addEventListener("click", () => help.showModal());
  one("help-close").addEventListener("click", () => help.close());

  // Keys.
  let current = null;
  const go = (selector, step) => {
    const places = all(selector).filter(shown);
    if (!places.length) return;
    const at = places.indexOf(current);
    const next = places[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : places.length - 1) : at + step, 0), places.length - 1)];
    current?.classList.remove("current");
    current = next;
    next.classList.add("current");
    const target = next.tagName === "DETAILS" ? next.querySelector("summary") : next;
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  const keys = {
    "/": () => { search.focus(); search.select(); },
    j: () => go("main .change", 1),
    k: () => go("main .change", -1),
    n: () => go("main article", 1),
    p: () => go("main article", -1),
    e: () => expand(!expanded()),
    d: turn,
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === "Escape") { search.value = ""; find(); search.blur(); return; }
    if (event.target instanceof HTMLInputElement) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // A link to a place inside a closed part opens it; paper shows everything.
  const open = () => {
    const target = location.hash && one(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  let closed = [];
  addEventListener("beforeprint", () => { closed = details().filter((item) => !item.open); closed.forEach((item) => { item.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((item) => { item.open = false; }); });
})();
