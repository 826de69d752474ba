// Writing: a text field that grows, formats by buttons, offers names behind "@" (data-mentions="address that answers {people}"),
// and is saved by Ctrl+Enter. N goes to the page's new note.
"use strict";
(() => {
  const NAME = /(?:^|[^\w.<-])@([^\n@]{0,30})$/;
  const grow = (area) => { area.rows = 1; area.rows = Math.min(24, Math.max(area.closest(".is-open") ? 3 : 1, Math.round((area.scrollHeight - 16) / 20))); };
  let offers = null; // {area, list, at, from, people}

  const shut = () => { offers?.list.remove(); offers?.area.removeAttribute("aria-activedescendant"); offers?.area.setAttribute("aria-expanded", "false"); offers = null; };
  const mark = (at) => {
    offers.at = at;
    [...offers.list.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === at)));
    offers.area.setAttribute("aria-activedescendant", offers.list.children[at]?.id ?? "");
  };
  const choose = (at) => {
    const { area, from, people } = offers;
    const end = area.selectionStart;
    shut();
    area.setRangeText(`${people[at].text} `, from, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
  const show = (area, people, from) => {
    shut();
    const list = document.createElement("ul");
    list.className = "mention-offers";
    list.id = "mention-offers";
    list.setAttribute("role", "listbox");
    people.forEach((person, index) => {
      const line = document.createElement("li");
      Object.assign(line, { id: `mention-${index}`, textContent: person.name });
      line.setAttribute("role", "option");
      line.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(index); });
      list.append(line);
    });
    if (!people.length) {
      const line = document.createElement("li");
      Object.assign(line, { className: "muted", textContent: area.dataset.nobody });
      list.append(line);
    }
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-expanded", "true");
    offers = { area, list, from, people, at: -1 };
    if (people.length) mark(0);
  };
  let asked = 0;
  const offer = async (area) => {
    const before = area.value.slice(0, area.selectionStart);
    const found = NAME.exec(before);
    const turn = ++asked;
    if (!found || /\s{2}$/.test(before)) return shut();
    const query = found[1];
    const answer = await fetch(`${area.dataset.mentions}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (turn !== asked) return;
    if (!answer?.ok) return shut();
    const { people } = await answer.json();
    if (turn !== asked || !area.isConnected) return;
    if (!people.length && /\s/.test(query)) return shut(); // the sentence has gone on
    if (people.some((person) => `${person.text} ` === `@${query}`)) return shut(); // just chosen
    show(area, people, area.selectionStart - query.length - 1);
  };

  const format = (area, sign) => {
    const [start, end] = [area.selectionStart, area.selectionEnd];
    const chosen = area.value.slice(start, end);
    if (sign === "- ") {
      const from = area.value.lastIndexOf("\n", start - 1) + 1;
      area.setRangeText(area.value.slice(from, end).split("\n").map((line) => `- ${line}`).join("\n"), from, end, "end");
    } else if (sign === "[]()") {
      area.setRangeText(`[${chosen}](https://)`, start, end, "end");
      area.setSelectionRange(area.selectionEnd - 1, area.selectionEnd - 1);
    } else {
      area.setRangeText(`${sign}${chosen}${sign}`, start, end, "end");
      if (!chosen) area.setSelectionRange(start + sign.length, start + sign.length);
    }
    area.focus();
    grow(area);
  };

  window.proofline.mount("[data-writer] textarea", (area) => {
    area.setAttribute("role", "combobox");
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-expanded", "false");
    if (area.hasAttribute("autofocus")) { area.focus(); area.setSelectionRange(area.value.length, area.value.length); }
    grow(area);
  });
  document.addEventListener("focusin", (event) => {
    const form = event.target.closest?.("[data-writer]");
    if (form && !form.classList.contains("is-open")) { form.classList.add("is-open"); grow(form.querySelector("textarea")); }
  });
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("[data-writer]");
    if (!form || form.contains(event.relatedTarget)) return;
    shut();
    const area = form.querySelector("[data-note-new]");
    if (area && !area.value.trim() && !form.querySelector(".field-error")) { form.classList.remove("is-open"); grow(area); }
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-writer] textarea")) return;
    grow(event.target);
    if (event.target.dataset.mentions) offer(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-writer] [data-format]");
    if (button) format(button.closest("[data-writer]").querySelector("textarea"), button.dataset.format);
  });
  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (area.matches?.("[data-writer] textarea")) {
      if (event.isComposing) return;
      const many = offers?.area === area && offers.people.length;
      if (many && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); mark((offers.at + (event.key === "ArrowDown" ? 1 : many - 1)) % many); }
      else if (many && (event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) { event.preventDefault(); choose(offers.at); }
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); shut(); area.form.requestSubmit(); }
      else if (event.key === "Escape") {
        event.stopPropagation();
        if (offers) shut();
        else (area.form.querySelector("[data-writer-cancel]") ?? area)[area.form.querySelector("[data-writer-cancel]") ? "click" : "blur"]();
      }
      return;
    }
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || area.matches?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const note = document.querySelector("#main [data-note-new]");
    if (note) { event.preventDefault(); note.focus(); note.scrollIntoView({ block: "center" }); }
  }, true);
})();
