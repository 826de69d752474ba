// The builder of questionnaires: rows of options that come, go and move; the fields of a condition that its question needs.
"use strict";
(() => {
  const FIRST = "input:not([type=hidden]), select";
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    let found;
    if ((found = hit("[data-rows-add]"))) {
      const rows = found.closest("[data-rows]"), row = rows.querySelector("template").content.cloneNode(true);
      rows.querySelector("[data-rows-list]").append(row);
      const added = rows.querySelector("[data-row]:last-child");
      if (added.matches("[data-shown-if]")) fit(added);
      added.querySelector(FIRST)?.focus();
    } else if ((found = hit("[data-row-remove]"))) {
      const next = found.closest("[data-row]").nextElementSibling || found.closest("[data-rows]").querySelector("[data-rows-add]");
      found.closest("[data-row]").remove();
      (next.querySelector?.(FIRST) || next).focus();
    } else if ((found = hit("[data-row-up]"))) {
      const row = found.closest("[data-row]");
      row.previousElementSibling?.before(row);
      found.focus();
    }
  });

  const fit = (part) => {
    const field = (name) => part.querySelector(`[name=show-${name}]`);
    const question = field("question").value, groups = [...field("option").querySelectorAll("optgroup")];
    const own = groups.filter((group) => group.querySelector(`option[value^="${CSS.escape(question)}:"]`));
    groups.forEach((group) => { group.hidden = group.disabled = !own.includes(group); });
    const known = JSON.parse(part.closest("[data-operators]").dataset.operators)[question], operator = field("operator");
    [...operator.options].forEach((option) => { option.hidden = option.disabled = Boolean(known) && !known.includes(option.value); });
    if (operator.selectedOptions[0]?.disabled) operator.value = [...operator.options].find((option) => !option.disabled).value;
    const asks = question !== "" && field("operator").value !== "answered";
    field("operator").hidden = question === "";
    field("option").hidden = !asks || !own.length;
    field("value").hidden = !asks || own.length > 0;
  };
  document.addEventListener("change", (event) => { const part = event.target.closest?.("[data-shown-if]"); if (part) fit(part); });
  window.proofline.mount("[data-shown-if]", fit);
})();
