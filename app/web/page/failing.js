// Say so if the page's own files cannot be loaded; a module could not: it would be one of them.
for (const script of document.scripts) script.addEventListener("error", admit);

function admit() {
  const button = document.createElement("button");
  button.textContent = "Try again";
  button.addEventListener("click", () => location.reload());
  const words = document.createElement("p");
  words.textContent = "The page could not be loaded whole.";
  const state = document.createElement("div");
  state.className = "state failure";
  state.setAttribute("role", "alert");
  state.append(words, button);
  document.getElementById("page").replaceChildren(state);
}
