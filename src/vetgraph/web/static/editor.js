// Turns the form of /sparql into an editor: colours, syntax check, completion from this service's own terms.
// Without this script the form works as it is; the answer is made by the server in either case.
"use strict";

(() => {
  const form = document.getElementById("editor");
  const Yasqe = window.Yasqe;
  if (!form || !Yasqe) return;
  const area = form.querySelector("textarea");
  const MOST_ADDRESS = 6000; // a longer address is refused by some servers on the way

  // What can be completed, asked for once, when it is first needed.
  let asked = null;
  const terms = () => {
    asked ??= fetch(form.dataset.terms).then((answer) => answer.json());
    return asked;
  };

  const prefixes = async () => Object.entries((await terms()).prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  const known = (kind) => async () => (await terms())[kind].map(([iri]) => iri);
  const named = (kind) => (yasqe, hints) => {
    terms().then((found) => {
      const names = new Map(found[kind]);
      for (const hint of hints) hint.displayText = `${hint.displayText}  ${names.get(hint.text.replace(/[<>]/g, "")) ?? ""}`;
    });
    return hints;
  };
  Yasqe.forkAutocompleter("prefixes", { name: "own-prefixes", get: prefixes, persistenceId: null }, false);
  Yasqe.forkAutocompleter("class", { name: "own-classes", get: known("classes"), bulk: true, persistenceId: null }, false);
  Yasqe.forkAutocompleter("property", { name: "own-properties", get: known("properties"), bulk: true, persistenceId: null }, false);

  const place = document.createElement("div");
  place.className = "editor";
  area.before(place);
  const editor = new Yasqe(place, {
    value: area.value,
    persistenceId: null,
    showQueryButton: false,
    resizeable: true,
    createShareableLink: null,
    consumeShareLink: null,
    prefixCcApi: null,
    autocompleters: ["own-prefixes", "own-classes", "own-properties", "variables"],
    extraKeys: { ...Yasqe.defaults.extraKeys, "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit() },
  });
  // The service knows these prefixes: the syntax check and the completion take them as declared.
  const own = JSON.parse(form.dataset.prefixes);
  const declared = editor.getPrefixesFromQuery.bind(editor);
  editor.getPrefixesFromQuery = () => ({ ...own, ...declared() });
  const mode = editor.getMode();
  const begin = mode.startState;
  mode.startState = (...given) => {
    const state = begin(...given);
    for (const name in own) state.prefixes[name] ??= own[name];
    return state;
  };
  editor.setValue(area.value);
  editor.getInputField().setAttribute("aria-label", "SPARQL");
  area.hidden = true;
  form.querySelector(".shortcuts").hidden = false;

  form.addEventListener("submit", () => {
    area.value = editor.getValue();
    form.method = encodeURIComponent(area.value).length > MOST_ADDRESS ? "post" : "get";
  });
})();
