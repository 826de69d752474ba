// Files that are dropped on, or chosen in, a place with a <form data-upload>: sent one after the other, each with its progress.
// The answer of data-part replaces the place.
"use strict";
(() => {
  const formOf = (element) => element?.closest?.("[data-drop]")?.querySelector("[data-upload]");
  const say = (list, text) => {
    const line = document.createElement("p");
    line.className = "field-error";
    line.setAttribute("role", "alert");
    line.textContent = text;
    list.append(line);
  };
  const problem = (form, file) => {
    const types = form.dataset.types.split(",");
    const ending = file.name.includes(".") ? `.${file.name.split(".").pop().toLowerCase()}` : "";
    const text = file.size > Number(form.dataset.most) * 1024 * 1024 ? form.dataset.tooLarge : types.includes(ending) ? "" : form.dataset.wrongType;
    return text.replace("{name}", file.name);
  };
  const send = (form, file, list) => new Promise((done) => {
    const line = document.createElement("label");
    const bar = document.createElement("progress");
    const name = document.createElement("span");
    line.className = "upload-line";
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    line.append(name, bar);
    list.append(line);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("file", file);
    const request = new XMLHttpRequest(); // fetch tells no progress of what it sends
    request.open("POST", form.dataset.part);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      line.remove();
      if (request.status !== 200) {
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        say(list, page.querySelector("#files .field-error")?.textContent || form.dataset.failed.replace("{name}", file.name));
      }
      done(request.status === 200);
    });
    request.send(body);
  });
  const take = async (form, files) => {
    const place = form.closest("[data-drop]");
    const list = place.querySelector("[data-upload-list]");
    list.replaceChildren();
    let came = 0;
    for (const file of files) {
      const wrong = problem(form, file);
      if (wrong) say(list, wrong);
      else if (await send(form, file, list)) came += 1;
    }
    if (!came || !place.isConnected) return;
    const errors = [...list.children];
    await htmx.ajax("GET", form.dataset.part, { target: place, swap: "outerHTML", push: "false" });
    document.querySelector(`#${place.id} [data-upload-list]`)?.replaceChildren(...errors);
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-upload] input[type=file]")) { const files = [...event.target.files]; event.target.form.reset(); take(formOf(event.target), files); }
  });
  document.addEventListener("dragover", (event) => {
    const form = event.dataTransfer?.types.includes("Files") && formOf(event.target);
    if (!form) return;
    event.preventDefault();
    form.closest("[data-drop]").classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (place && !place.contains(event.relatedTarget)) place.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const form = event.dataTransfer?.types.includes("Files") && formOf(event.target);
    if (!form) return;
    event.preventDefault();
    form.closest("[data-drop]").classList.remove("is-over");
    take(form, [...event.dataTransfer.files]);
  });
})();
