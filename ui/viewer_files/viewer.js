// One picture, a pane for each model, all under one view. Runs again at every step of the app: what the reader set here
// lives in `viewer.view` and is kept; panes are built anew only when their key changes, the view is reset only for
// another picture.
const MOST = 16;
const STEP = 1.25;
const NARROWEST = 0.02;
const NARROW = 640;

export default function ({ data, parentElement }) {
  const viewer = parentElement.querySelector(".viewer");
  if (viewer.dataset.picture !== data.sha256) {
    viewer.dataset.picture = data.sha256;
    viewer.view = { zoom: 1, x: 0, y: 0, low: 0, high: 1, invert: false, saw: false };
    viewer.chosen ??= { fade: 70, contoured: false, tool: "move" };
  }
  const panels = viewer.querySelector(".panels");
  if (panels.dataset.key !== data.key) {
    panels.replaceChildren(...data.panels.map((panel) => pane(data, panel)));
    panels.dataset.key = data.key;
    offerViews(viewer, data.panels.map((panel) => panel.title));
    offerPresets(viewer, data.presets);
  }
  data.panels.forEach((panel, index) => {
    panels.children[index].querySelector("strong").textContent = panel.title;
    panels.children[index].querySelector("figcaption span").textContent = panel.words;
  });
  for (const part of viewer.querySelectorAll(".models")) part.hidden = !data.models;
  viewer.querySelector(".ramp").style.backgroundImage = `linear-gradient(to right, ${data.ramp.join(", ")})`;
  viewer.querySelector(".caption").textContent = data.caption;
  listen(viewer, data);
  draw(viewer);
}

function draw(viewer) {
  const { view, chosen } = viewer;
  view.x = Math.min(0, Math.max(1 - view.zoom, view.x));
  view.y = Math.min(0, Math.max(1 - view.zoom, view.y));
  const width = view.high - view.low;
  const middle = (view.high + view.low) / 2;
  // The two filters together are the line through (low, black) and (high, white).
  const values = { "--zoom": view.zoom, "--x": view.x, "--y": view.y, "--invert": Number(view.invert) };
  Object.assign(values, { "--brightness": 1 / (2 * middle), "--contrast": (2 * middle) / width });
  for (const [name, value] of Object.entries(values)) viewer.style.setProperty(name, value);
  viewer.classList.toggle("near", view.zoom > 1);
  viewer.classList.toggle("saw", view.saw);
  viewer.classList.toggle("contoured", chosen.contoured);
  viewer.classList.toggle("window", chosen.tool === "window");
  for (const layer of viewer.querySelectorAll(".layer")) layer.style.opacity = chosen.fade / 100;
  const slider = viewer.querySelector(".fade input");
  slider.value = chosen.fade;
  viewer.querySelector(".fade output").textContent = `${chosen.fade} %`;
  viewer.querySelector(".zoom").textContent = `${view.zoom.toFixed(1)} ×`;
  const pressed = { invert: view.invert, seen: view.saw, contour: chosen.contoured, tool: chosen.tool === "window" };
  pressed.full = Boolean(filled(viewer));
  for (const [name, on] of Object.entries(pressed)) button(viewer, name).setAttribute("aria-pressed", on);
  const told = `window ${Math.round(100 * view.low)} to ${Math.round(100 * view.high)} %`;
  for (const words of viewer.querySelectorAll(".told")) words.textContent = view.low > 0 || view.high < 1 ? told : "";
  const presets = viewer.querySelector("select");
  const at = [...presets.options].findIndex((it) => it.dataset.low == view.low && it.dataset.high == view.high);
  presets.selectedIndex = at >= 0 ? at : presets.options.length - 1;
}

function listen(viewer, data) {
  const { chosen } = viewer;
  const change = (step) => () => { step(viewer.view); draw(viewer); };
  const preset = (index) => {
    const { low, high } = data.presets[index] ?? viewer.view;
    Object.assign(viewer.view, { low, high });
  };
  const steps = {
    nearer: () => zoomBy(viewer, STEP),
    farther: () => zoomBy(viewer, 1 / STEP),
    fit: (view) => Object.assign(view, { zoom: 1, x: 0, y: 0 }),
    tool: () => { chosen.tool = chosen.tool === "window" ? "move" : "window"; },
    invert: (view) => { view.invert = !view.invert; },
    seen: (view) => { view.saw = !view.saw; },
    contour: () => { chosen.contoured = !chosen.contoured; },
    reset: (view) => Object.assign(view, { zoom: 1, x: 0, y: 0, low: 0, high: 1, invert: false, saw: false }),
    full: () => fill(viewer),
    help: () => {
      const help = viewer.querySelector(".help");
      help.hidden = !help.hidden;
      button(viewer, "help").setAttribute("aria-expanded", !help.hidden);
    },
  };
  for (const [name, step] of Object.entries(steps)) button(viewer, name).onclick = change(step);
  viewer.querySelector(".fade input").oninput = (event) => {
    chosen.fade = Number(event.target.value);
    draw(viewer);
  };
  viewer.querySelector("select").onchange = (event) => change(() => preset(event.target.selectedIndex))();
  viewer.onfullscreenchange = () => draw(viewer);

  const fade = (value) => { chosen.fade = Math.min(100, Math.max(0, value)); };
  const keys = {
    "+": steps.nearer, "-": steps.farther, "=": steps.fit, w: steps.tool, i: steps.invert, b: steps.seen,
    o: steps.contour, f: steps.full, "?": steps.help, "[": () => fade(chosen.fade - 5), "]": () => fade(chosen.fade + 5),
    m: () => { [chosen.fade, chosen.before] = chosen.fade ? [0, chosen.fade] : [chosen.before ?? 70, 0]; },
    s: () => single(viewer, 0),
    n: () => single(viewer, (shown(viewer) % data.panels.length) + 1),
  };
  data.presets.forEach((_, index) => { keys[index + 1] = () => preset(index); });
  const onPicture = {
    " ": steps.reset,
    ArrowLeft: (view) => { view.x += 0.1; }, ArrowRight: (view) => { view.x -= 0.1; },
    ArrowUp: (view) => { view.y += 0.1; }, ArrowDown: (view) => { view.y -= 0.1; },
  };
  viewer.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    // Escape is Streamlit's, but for a viewer that fills the window.
    const leave = event.key === "Escape" && viewer.classList.contains("filling") ? steps.full : undefined;
    const step = leave ?? keys[event.key] ?? (event.target.matches(".black") ? onPicture[event.key] : undefined);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    change(step)();
  };
  for (const [index, black] of [...viewer.querySelectorAll(".black")].entries()) touch(viewer, black, index);
}

// Mouse, pen and fingers: one drags, two pinch.
function touch(viewer, black, index) {
  const down = new Map();
  black.onpointerdown = (event) => {
    black.focus({ preventScroll: true });
    down.set(event.pointerId, event);
    black.setPointerCapture(event.pointerId);
  };
  black.onpointerup = black.onpointercancel = (event) => down.delete(event.pointerId);
  black.onpointermove = (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const { view, chosen } = viewer;
    const stage = black.querySelector(".stage");
    if (down.size === 1) {
      const across = (event.clientX - before.clientX) / stage.offsetWidth;
      const downwards = (event.clientY - before.clientY) / stage.offsetHeight;
      if (chosen.tool === "window" || event.shiftKey) rewindow(view, across, downwards);
      else Object.assign(view, { x: view.x + across, y: view.y + downwards });
    } else {
      const [other] = [...down.values()].filter((it) => it.pointerId !== event.pointerId);
      const apart = (it) => Math.hypot(it.clientX - other.clientX, it.clientY - other.clientY);
      const middle = { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 };
      zoomBy(viewer, apart(event) / Math.max(apart(before), 1), black, middle);
    }
    down.set(event.pointerId, event);
    draw(viewer);
  };
  // Before a click the wheel belongs to the page, so that nobody is caught in a picture while scrolling.
  black.onwheel = (event) => {
    if (!event.ctrlKey && black.getRootNode().activeElement !== black) return;
    event.preventDefault();
    zoomBy(viewer, Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 500)), black, event);
    draw(viewer);
  };
  black.ondblclick = () => {
    single(viewer, shown(viewer) ? 0 : index + 1);
    draw(viewer);
  };
}

// Dragging sideways widens the window, dragging up makes the picture brighter; both ends stay inside the grey scale.
function rewindow(view, across, downwards) {
  const width = Math.min(1, Math.max(NARROWEST, view.high - view.low + across));
  const middle = (view.high + view.low) / 2 + downwards;
  view.low = Math.min(1 - width, Math.max(0, middle - width / 2));
  view.high = view.low + width;
}

// Zoom about a point on the screen, or about the middle of the pane.
function zoomBy(viewer, factor, black = viewer.querySelector("figure:not([hidden]) .black"), at = undefined) {
  const { view } = viewer;
  const stage = black.querySelector(".stage");
  const pane = black.getBoundingClientRect();
  const from = at ?? { clientX: pane.left + pane.width / 2, clientY: pane.top + pane.height / 2 };
  const x = (from.clientX - pane.left - stage.offsetLeft) / stage.offsetWidth;
  const y = (from.clientY - pane.top - stage.offsetTop) / stage.offsetHeight;
  const zoom = Math.min(MOST, Math.max(1, view.zoom * factor));
  view.x = x - ((x - view.x) * zoom) / view.zoom;
  view.y = y - ((y - view.y) * zoom) / view.zoom;
  view.zoom = zoom;
}

// Where a browser cannot fill the screen (a phone's, often), the viewer fills the window.
function fill(viewer) {
  if (filled(viewer)) {
    viewer.classList.remove("filling");
    if (document.fullscreenElement) document.exitFullscreen();
  } else if (viewer.requestFullscreen) viewer.requestFullscreen();
  else viewer.classList.add("filling");
}

function filled(viewer) {
  return viewer.classList.contains("filling") || viewer.getRootNode().fullscreenElement === viewer;
}

function offerPresets(viewer, presets) {
  const select = viewer.querySelector("select");
  select.replaceChildren(...presets.map(({ title, low, high }) => {
    const option = element("option", "", { textContent: title });
    Object.assign(option.dataset, { low, high });
    return option;
  }), element("option", "", { textContent: "by hand", disabled: true }));
}

function offerViews(viewer, titles) {
  const views = viewer.querySelector(".views");
  const names = [viewer.clientWidth < NARROW ? "One below another" : "Side by side", ...titles];
  if (views.dataset.names !== names.join()) {
    views.dataset.names = names.join();
    const first = viewer.clientWidth < NARROW ? 1 : 0;
    views.replaceChildren(views.querySelector("legend"), ...names.map((name, index) => radio(name, index, index === first)));
  }
  views.hidden = titles.length < 2;
  views.onchange = () => single(viewer, shown(viewer));
  single(viewer, titles.length < 2 ? 1 : shown(viewer));
}

// 0: all panes; otherwise the number of the one that is shown.
function shown(viewer) {
  return Number(viewer.querySelector(".views input:checked").value);
}

function single(viewer, number) {
  viewer.querySelector(`.views input[value="${number}"]`).checked = true;
  viewer.classList.toggle("single", number > 0);
  [...viewer.querySelectorAll("figure")].forEach((figure, index) => {
    figure.hidden = number > 0 && index !== number - 1;
  });
}

function button(viewer, name) {
  return viewer.querySelector(`[data-do="${name}"]`);
}
