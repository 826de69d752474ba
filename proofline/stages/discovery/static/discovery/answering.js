// A questionnaire as it is answered: each answer is saved when it changes, one request after another, until it arrives.
"use strict";
(() => {
  const form = document.querySelector("form[data-answering]");
  if (!form) return;
  const $ = (selector, root = form) => root.querySelector(selector);
  const status = $("[data-status]");
  const changed = new Set();
  const WAIT = 500, AGAIN = 4000;
  let timer, busy = false, settled = Promise.resolve();

  const questionOf = (element) => element.closest("[data-question]");
  const tell = (text, state = "") => { status.textContent = text; status.dataset.state = state; };

  const show = (found) => {
    const shown = new Set(found.shown);
    form.querySelectorAll("[data-question]").forEach((question) => { question.hidden = !shown.has(question.dataset.question); });
    form.querySelectorAll("[data-part]").forEach((part) => { part.hidden = !part.querySelector("[data-question]:not([hidden])"); });
    $("[data-answered]").textContent = found.answered;
    $("[data-asked]").textContent = found.asked;
    Object.assign($("[data-progress]"), { max: found.asked || 1, value: found.answered });
  };
  const mark = (keys, errors) => keys.forEach((key) => {
    const question = $(`[data-question="${key}"]`), line = $("[data-error]", question);
    line.textContent = errors[key] || "";
    line.hidden = !errors[key];
    question.classList.toggle("answer-wrong", Boolean(errors[key]));
  });

  // What is sent: all that was typed, but of files only those just chosen.
  const body = (keys, extra = {}) => {
    const data = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((input) => { if (!keys.includes(questionOf(input).dataset.question)) data.delete(input.name); });
    keys.forEach((key) => data.append("changed", key));
    Object.entries(extra).forEach(([name, value]) => data.append(name, value));
    return data;
  };
  const send = async (keys, extra) => {
    tell(form.dataset.saving);
    const answer = await fetch(form.dataset.answering, { method: "POST", body: body(keys, extra), headers: { "X-CSRFToken": $("[name=csrfmiddlewaretoken]").value } });
    if (answer.status === 409) {
      const found = await answer.json();
      if (found.submitted) window.location.reload();
      tell(form.dataset.reload, "bad");
      return;
    }
    if (answer.status === 410) { HTMLFormElement.prototype.submit.call(form); return; } // the page that says so shows what was typed
    if (answer.status === 404) { window.location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    show(found);
    mark(keys, found.errors);
    tell(form.hasAttribute("data-preview") || Object.keys(found.errors).length ? "" : form.dataset.saved, "good");
    files(keys, found.errors);
  };
  const files = (keys, errors) => keys.forEach((key) => {
    const question = $(`[data-question="${key}"]`), input = $("input[type=file]", question);
    if (!input?.files.length) return;
    if (!errors[key]) { $("[data-file-name]", question).textContent = input.files[0].name; $("[data-file]", question).hidden = false; }
    input.value = "";
  });

  const save = () => {
    clearTimeout(timer);
    if (busy || !changed.size) return settled;
    busy = true;
    const keys = [...changed];
    changed.clear();
    settled = send(keys).then(() => { busy = false; if (changed.size) return save(); }, () => {
      busy = false;
      keys.forEach((key) => changed.add(key));
      tell(form.dataset.unsaved, "bad");
      timer = setTimeout(save, AGAIN);
    });
    return settled;
  };
  const note = (event, wait) => {
    const question = questionOf(event.target);
    if (!question) return;
    changed.add(question.dataset.question);
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  form.addEventListener("input", (event) => note(event, event.target.matches("input[type=text], textarea") ? WAIT : 0));
  form.addEventListener("change", (event) => note(event, 0));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-file-drop]");
    if (!button) return;
    const question = questionOf(button);
    send([question.dataset.question], { drop: question.dataset.question }).then(() => { $("[data-file]", question).hidden = true; }, () => tell(form.dataset.unsaved, "bad"));
  });

  // Leaving the page, or going on in the other language, waits for nothing: what is not saved yet goes along.
  const flush = () => { if (changed.size && !form.hasAttribute("data-preview")) navigator.sendBeacon(form.dataset.answering, body([...changed])); }; // and it is sent once more if the page stays
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  window.addEventListener("pagehide", flush);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-language]");
    if (!link || !changed.size) return;
    event.preventDefault();
    save().then(() => window.location.assign(link.href));
  });
  form.addEventListener("submit", (event) => { changed.clear(); if (form.hasAttribute("data-preview")) event.preventDefault(); });
  $("[role=alert][tabindex]")?.focus();
})();
