// Questions that hang on the answer of another are asked only after it. Without a script all of them stand there, and the
// server leaves out what is not asked.
export function installConditions() {
  const form = document.querySelector("form.answering");
  if (!form) return;
  const hanging = [...form.querySelectorAll("[data-shown-if]")];
  const update = () => {
    for (const question of hanging) {
      const [name, wanted] = question.dataset.shownIf.split("=");
      question.hidden = !answersOf(form, name).includes(wanted);
    }
  };
  form.addEventListener("change", update);
  update();
}

function answersOf(form, name) {
  const asked = form.querySelector(`#q-${CSS.escape(name)}`);
  if (!asked || asked.hidden) return [];
  return [...asked.querySelectorAll(":checked")].map((each) => each.value);
}
