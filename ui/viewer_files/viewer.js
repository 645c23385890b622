// Draws one picture with a heat map layer for each model. Runs again at every step of the app; what the reader set here
// (fade, view) lives in the elements and is never reset, and pictures are only replaced when their hash changes.
export default function ({ data, parentElement }) {
  const viewer = parentElement.querySelector(".viewer");
  const panels = viewer.querySelector(".panels");
  viewer.querySelector(".bar").style.backgroundImage = `linear-gradient(to right, ${data.ramp.join(", ")})`;
  viewer.querySelector(".caption").textContent = data.caption;
  if (panels.dataset.key !== data.key) {
    panels.replaceChildren(...data.panels.map((panel) => figure(data, panel)));
    panels.dataset.key = data.key;
  }
  data.panels.forEach((panel, index) => label(panels.children[index], panel));
  offerViews(viewer, data.panels.map((panel) => panel.title));

  const slider = viewer.querySelector(".fade input");
  const fade = () => {
    viewer.querySelector(".fade output").textContent = `${slider.value} %`;
    for (const layer of panels.querySelectorAll(".layer")) layer.style.opacity = slider.value / 100;
  };
  slider.oninput = fade;
  fade();
}

function figure(data, panel) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.append(document.createElement("strong"), document.createElement("span"));
  const black = element("div", "black");
  const stage = element("div", "stage");
  stage.style.setProperty("--ratio", data.ratio);
  const picture = element("img", "picture");
  picture.src = data.picture;
  picture.alt = data.alt;
  stage.append(picture);
  if (panel.layer) {
    const layer = element("img", "layer");
    layer.src = panel.layer;
    layer.alt = `Heat map of ${panel.title}`;
    for (const side of ["left", "top", "width", "height"]) layer.style[side] = `${data.box[side]}%`;
    stage.append(layer);
  }
  black.append(stage);
  const peak = element("p", panel.layer ? "peak" : "peak none");
  peak.textContent = panel.peak;
  figure.append(caption, black, peak);
  return figure;
}

function label(figure, panel) {
  figure.querySelector("strong").textContent = panel.title;
  figure.querySelector("span").textContent = panel.words;
}

function offerViews(viewer, titles) {
  const views = viewer.querySelector(".views");
  const names = ["Side by side", ...titles];
  if (views.dataset.names !== names.join()) {
    views.dataset.names = names.join();
    const legend = views.querySelector("legend");
    views.replaceChildren(legend, ...names.map((name, index) => radio(name, index)));
  }
  const apply = () => {
    const chosen = Number(views.querySelector("input:checked").value);
    viewer.classList.toggle("single", chosen > 0);
    [...viewer.querySelectorAll("figure")].forEach((figure, index) => {
      figure.hidden = chosen > 0 && index !== chosen - 1;
    });
  };
  views.onchange = apply;
  // A click on a picture shows it alone, another one brings the others back; the choices above do the same by keyboard.
  [...viewer.querySelectorAll(".stage")].forEach((stage, index) => {
    stage.onclick = () => {
      views.querySelector(`input[value="${viewer.classList.contains("single") ? 0 : index + 1}"]`).checked = true;
      apply();
    };
  });
  apply();
}

function radio(name, index) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "view", value: index, checked: index === 0 });
  label.append(input, name);
  return label;
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
