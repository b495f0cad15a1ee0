// What a page may ask for beyond plain links and forms. Each part looks for its own data attribute and does nothing
// where there is none; every page works without this file. Nothing is stored in the browser, no text is run as a
// program, and no single key saves anything.

import { initAll as startGovuk } from "./vendor/govuk.js";
import { FilterToggleButton, initAll as startMoj } from "./vendor/moj.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const drafts = new Map();

function start() {
  startComponents();
  findDrafts();
  document.addEventListener("submit", ignoreSecondSubmit, { capture: true });
  document.addEventListener("click", openAskedDialog);
  window.addEventListener("pagehide", sendDraftsOnLeaving);
  window.addEventListener("pageshow", forgetSubmitsOnReturn);
  followHtmx();
  if (document.body.dataset.shortcuts === "on") document.addEventListener("keydown", pressKey);
  if (document.body.dataset.idleMinutes) watchForIdleness();
  if (document.body.dataset.live) listenLive();
  document.body.dataset.appReady = "1";
}

// Components

function startComponents() {
  const options = { scope: document, onError: reportComponent };
  // An accordion would otherwise remember in the browser what was open.
  startGovuk({ ...options, accordion: { rememberExpanded: false } });
  startMoj(options);
  for (const filter of document.querySelectorAll('[data-module="moj-filter"]:not([data-moj-filter-init])')) {
    new FilterToggleButton(filter, { startHidden: false });
  }
}

function reportComponent(error) {
  // After a swap the rest of the page is met again, and is already started.
  if (error.name !== "InitError") console.error(error);
}

// The one status region

function announce(text) {
  const region = document.getElementById("status");
  if (!region || !text) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 100);
}

// Dialogs

function openAskedDialog(event) {
  const dialog = document.getElementById(event.target.closest("[data-opens]")?.dataset.opens ?? "");
  if (dialog instanceof HTMLDialogElement) openDialog(dialog);
}

function openDialog(dialog) {
  if (dialog.open) return;
  const before = document.activeElement;
  dialog.addEventListener("close", () => before?.focus?.(), { once: true });
  dialog.showModal();
}

// A form is sent once

function ignoreSecondSubmit(event) {
  const form = event.target;
  if (methodOf(form) === "dialog" || form.hasAttribute("data-allow-again")) return;
  if (Date.now() - Number(form.dataset.submitted ?? 0) < 5 * SECOND) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.submitted = String(Date.now());
}

function forgetSubmitsOnReturn(event) {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-submitted]")) delete form.dataset.submitted;
  for (const draft of drafts.values()) draft.submittedAt = 0;
}

// A field called "method" would hide the form's own property.
function methodOf(form) {
  return form.getAttribute("method")?.toLowerCase() ?? "get";
}

function fieldsOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") fields.append(name, value);
  }
  return fields;
}

async function post(address, fields, options = {}) {
  const headers = { Accept: "application/json" };
  // A redirect is the way to the sign-in page: not a success.
  const answer = await fetch(address, { method: "POST", body: fields, headers, redirect: "manual", ...options });
  if (!answer.ok) throw new NotAccepted(answer.status);
  return answer;
}

class NotAccepted extends Error {
  constructor(status) {
    super(`answered with ${status || "a redirect"}`);
    this.signedOut = [0, 401, 403].includes(status);
  }
}

// Drafts, kept on the server

const DRAFT_QUIET = 2 * SECOND;
const DRAFT_EVERY = 5 * SECOND;
const DRAFT_RETRY_AT_MOST = MINUTE;
const DRAFT_AFTER_SUBMIT = 30 * SECOND;

function findDrafts() {
  for (const form of drafts.keys()) if (!form.isConnected) drafts.delete(form);
  for (const form of document.querySelectorAll("form[data-draft]")) if (!drafts.has(form)) keepDraft(form);
}

function keepDraft(form) {
  const draft = { form, changed: false, changedAt: 0, firstAt: 0, sentAt: 0, submittedAt: 0, pause: DRAFT_EVERY };
  drafts.set(form, draft);
  form.addEventListener("input", () => draftChanged(draft));
  form.addEventListener("change", () => draftChanged(draft));
  form.addEventListener("submit", () => stopDraft(draft));
}

function draftChanged(draft) {
  draft.changedAt = Date.now();
  if (!draft.changed) draft.firstAt = draft.changedAt;
  draft.changed = true;
  planDraft(draft);
}

function planDraft(draft) {
  clearTimeout(draft.timer);
  if (!draft.changed || draft.sending) return;
  const settled = Math.min(draft.changedAt + DRAFT_QUIET, draft.firstAt + DRAFT_EVERY);
  const allowed = draft.submittedAt ? draft.submittedAt + DRAFT_AFTER_SUBMIT : 0;
  const due = Math.max(settled, draft.sentAt + draft.pause, allowed);
  draft.timer = setTimeout(saveDraft, Math.max(0, due - Date.now()), draft);
}

async function saveDraft(draft) {
  clearTimeout(draft.timer);
  if (draft.sending) return;
  const sending = new AbortController();
  Object.assign(draft, { changed: false, sentAt: Date.now(), sending });
  try {
    const answer = await post(draft.form.dataset.draft, draftFields(draft), { signal: sending.signal });
    draftSaved(draft, await answer.json());
  } catch {
    if (!sending.signal.aborted) draftNotSaved(draft);
  }
  draft.sending = undefined;
  planDraft(draft);
}

function draftFields(draft) {
  const fields = fieldsOf(draft.form);
  fields.set("place", draft.form.dataset.draftPlace ?? location.pathname);
  return fields;
}

function draftSaved(draft, { savedAt, others }) {
  draft.pause = DRAFT_EVERY;
  draft.failing = false;
  tellOfDraft(draft, [`Draft saved at ${savedAt}`, others].filter(Boolean).join(". "));
}

function draftNotSaved(draft) {
  const words = "We could not save a draft. The text you entered is still on this page.";
  draft.pause = Math.min(2 * draft.pause, DRAFT_RETRY_AT_MOST);
  if (!draft.changed) draft.firstAt = draft.changedAt;
  draft.changed = true;
  if (!draft.failing) announce(words);
  draft.failing = true;
  tellOfDraft(draft, words);
}

function tellOfDraft(draft, words) {
  const place = draft.form.querySelector("[data-draft-status]");
  if (place) place.textContent = words;
}

function stopDraft(draft) {
  clearTimeout(draft.timer);
  draft.sending?.abort();
  Object.assign(draft, { changed: false, submittedAt: Date.now() });
}

function sendDraftsOnLeaving() {
  for (const draft of drafts.values()) {
    clearTimeout(draft.timer);
    // A request on its way dies with the page.
    if (draft.form.isConnected && (draft.changed || draft.sending)) sendDraftOnLeaving(draft);
  }
}

function sendDraftOnLeaving(draft) {
  const fields = draftFields(draft);
  if (navigator.sendBeacon(draft.form.dataset.draft, fields)) return;
  post(draft.form.dataset.draft, fields, { keepalive: true }).catch(() => {});
}

function saveDraftsNow() {
  const waiting = [...drafts.values()].filter((draft) => draft.changed);
  return Promise.allSettled(waiting.map(saveDraft));
}

// Keyboard shortcuts

const GO_TO_PAUSE = SECOND;
const GO_TO_FIRST_DIGIT = 3 * SECOND;
let goTo = null;

function pressKey(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submitByChord(event);
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (isField(event.target) || document.querySelector("dialog[open]")) return;
  if (goTo && continueGoTo(event)) return;
  if (!event.shiftKey || "?/".includes(event.key)) pressSingleKey(event, event.key.toLowerCase());
}

function isField(element) {
  const notText = ["button", "checkbox", "image", "radio", "reset", "submit"];
  if (element instanceof HTMLInputElement) return !notText.includes(element.type);
  return element instanceof Element && element.closest("textarea, select, [contenteditable]") !== null;
}

function pressSingleKey(event, key) {
  const act = actionOfKey(key);
  if (!act) return;
  event.preventDefault();
  act();
}

function actionOfKey(key) {
  if (!/^[a-z0-9?/]$/.test(key)) return null;
  const element = elementOfKey(key);
  if (element) return () => useElement(element);
  if (key === "g" && canGoTo()) return beginGoTo;
  if (key === "?") return openHelp();
  return null;
}

function openHelp() {
  const help = document.getElementById("shortcuts");
  return help instanceof HTMLDialogElement ? () => openDialog(help) : null;
}

function elementOfKey(key) {
  const search = key === "/" ? ", input[type=search]" : "";
  const found = [...document.querySelectorAll(`[data-key="${key}"]${search}`)];
  return found.find((element) => !element.disabled && canBeShown(element));
}

function canBeShown(element) {
  const folded = element.closest("details:not([open])");
  return folded ? folded.checkVisibility() : element.checkVisibility();
}

function useElement(element) {
  const folded = element.closest("details:not([open])");
  if (folded && folded !== element.parentElement) folded.open = true;
  if (element.hasAttribute("data-key-focus") || isField(element) || saves(element)) element.focus();
  else if (element instanceof HTMLInputElement) chooseInput(element);
  else element.click();
}

// A key only brings the reader to what saves; pressing Enter there is theirs.
function saves(element) {
  const sends = "[hx-post], [hx-put], [hx-patch], [hx-delete]";
  if (element.matches(sends)) return true;
  const form = element.type === "submit" ? element.form : null;
  return form !== null && (methodOf(form) === "post" || form.matches(sends));
}

function chooseInput(input) {
  input.focus();
  if (input.type !== "radio" || !input.checked) input.click();
}

function canGoTo() {
  return document.body.dataset.gotoUrl !== undefined || document.querySelector("[data-goto]") !== null;
}

function beginGoTo() {
  goTo = { digits: "" };
  waitForDigits(GO_TO_FIRST_DIGIT);
}

function waitForDigits(pause) {
  clearTimeout(goTo.timer);
  goTo.timer = setTimeout(endGoTo, pause);
}

function continueGoTo(event) {
  if (/^[0-9]$/.test(event.key)) {
    goTo.digits += event.key;
    waitForDigits(GO_TO_PAUSE);
  } else if (event.key === "Enter" || event.key === "Escape") {
    if (event.key === "Escape") goTo.digits = "";
    endGoTo();
  } else {
    clearTimeout(goTo.timer);
    goTo = null;
    return false;
  }
  event.preventDefault();
  return true;
}

function endGoTo() {
  const number = goTo.digits.replace(/^0+/, "");
  clearTimeout(goTo.timer);
  goTo = null;
  if (number) goToNumber(number);
}

function goToNumber(number) {
  const element = document.querySelector(`[data-goto="${number}"]`);
  const template = document.body.dataset.gotoUrl;
  if (element?.matches("a[href], button, summary")) useElement(element);
  else if (element) showElement(element);
  else if (template) location.assign(template.replace("{n}", number));
  else announce(`There is no number ${number} on this page.`);
}

function showElement(element) {
  element.scrollIntoView({ block: "nearest" });
  focusOn(element);
}

function submitByChord(event) {
  const form = formOfChord(event.target);
  const button = form && primaryButton(form);
  if (!button || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  form.requestSubmit(button);
}

// Whoever writes in another form does not mean this one.
function formOfChord(element) {
  const own = element.closest?.("form");
  if (own) return own.matches("[data-key-submit]") ? own : null;
  return document.querySelector("form[data-key-submit]");
}

function primaryButton(form) {
  const buttons = [...form.elements].filter((element) => element.type === "submit" && !element.disabled);
  const secondary = ".govuk-button--secondary, .govuk-button--warning";
  return buttons.find((button) => button.matches("[data-key-primary]")) ?? buttons.find((button) => !button.matches(secondary));
}

// A warning before the session ends

function watchForIdleness() {
  const dialog = document.getElementById("idle");
  const form = dialog?.querySelector("form");
  if (!(dialog instanceof HTMLDialogElement) || !form) return;
  const { idleMinutes, idleWarningMinutes } = document.body.dataset;
  const now = Date.now();
  const idle = { dialog, form, limit: idleMinutes * MINUTE, warning: (idleWarningMinutes ?? 5) * MINUTE };
  Object.assign(idle, { activeAt: now, extendedAt: now, toldAt: 0, others: new BroadcastChannel("evenhand-active") });
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "input"]) {
    document.addEventListener(kind, () => userIsActive(idle), { passive: true, capture: true });
  }
  idle.others.addEventListener("message", () => (idle.activeAt = Date.now()));
  form.addEventListener("submit", (event) => stayOnSubmit(event, idle));
  dialog.addEventListener("cancel", (event) => stayOnSubmit(event, idle));
  idle.clock = setInterval(lookForIdleness, SECOND, idle);
}

function userIsActive(idle) {
  if (idle.dialog.open) return;
  idle.activeAt = Date.now();
  if (idle.activeAt - idle.toldAt > 5 * SECOND) {
    idle.toldAt = idle.activeAt;
    idle.others.postMessage("active");
  }
  // Reading and typing ask nothing of the server, and it must not think that nobody is there.
  if (idle.activeAt - idle.extendedAt > idle.warning) extendSession(idle).catch(() => {});
}

function extendSession(idle) {
  idle.extendedAt = Date.now();
  return post(idle.form.getAttribute("action"), fieldsOf(idle.form));
}

function lookForIdleness(idle) {
  const left = idle.activeAt + idle.limit - Date.now();
  if (left <= 0) endSession(idle);
  else if (left <= idle.warning) warnOfEnd(idle, left);
  else if (idle.dialog.open) idle.dialog.close();
}

function warnOfEnd(idle, left) {
  if (!idle.dialog.open) {
    saveDraftsNow();
    openDialog(idle.dialog);
  }
  const minutes = Math.ceil(left / MINUTE);
  tellOfEnd(idle, `You will be signed out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`);
}

function tellOfEnd(idle, words) {
  const place = idle.dialog.querySelector("[data-idle-text]");
  if (place && place.textContent !== words) place.textContent = words;
}

async function stayOnSubmit(event, idle) {
  event.preventDefault();
  delete idle.form.dataset.submitted;
  try {
    await extendSession(idle);
    idle.activeAt = Date.now();
    idle.others.postMessage("active");
    idle.dialog.close();
  } catch (error) {
    if (error.signedOut) goToSignIn();
    else announceInDialog(idle);
  }
}

function announceInDialog(idle) {
  const place = idle.dialog.querySelector("[data-idle-error]");
  if (place) place.textContent = "We could not keep you signed in. Check your connection and try again.";
}

async function endSession(idle) {
  clearInterval(idle.clock);
  const atMost = new Promise((resolve) => setTimeout(resolve, 3 * SECOND));
  await Promise.race([saveDraftsNow(), atMost]);
  goToSignIn();
}

function goToSignIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

// What happens elsewhere, as it happens

const LIVE_RETRY = 2 * SECOND;
const LIVE_RETRY_AT_MOST = MINUTE;

function listenLive() {
  const live = { address: document.body.dataset.live, pause: LIVE_RETRY, toldAt: 0, told: null };
  connectLive(live);
  window.addEventListener("pagehide", () => disconnectLive(live));
  window.addEventListener("pageshow", (event) => event.persisted && connectLive(live));
}

function connectLive(live) {
  live.source = new EventSource(live.address);
  live.source.addEventListener("open", () => (live.pause = LIVE_RETRY));
  live.source.addEventListener("error", () => reconnectLive(live));
  live.source.addEventListener("counts", (event) => showCounts(JSON.parse(event.data)));
  live.source.addEventListener("presence", (event) => showPresence(live, JSON.parse(event.data).sentence));
}

function disconnectLive(live) {
  clearTimeout(live.timer);
  clearTimeout(live.telling);
  live.source.close();
}

function reconnectLive(live) {
  disconnectLive(live);
  live.timer = setTimeout(connectLive, live.pause * (0.5 + Math.random()), live);
  live.pause = Math.min(2 * live.pause, LIVE_RETRY_AT_MOST);
}

function showCounts(counts) {
  for (const place of document.querySelectorAll("[data-live-count]")) {
    const count = Object.hasOwn(counts, place.dataset.liveCount) ? counts[place.dataset.liveCount] : null;
    if (Number.isFinite(count) && place.textContent !== String(count)) place.textContent = String(count);
  }
}

function showPresence(live, sentence) {
  for (const place of document.querySelectorAll("[data-live-presence]")) {
    place.textContent = sentence ?? "";
    place.hidden = !sentence;
  }
  clearTimeout(live.telling);
  if (!sentence || sentence === live.told) return;
  const wait = Math.max(0, live.toldAt + MINUTE - Date.now());
  live.telling = setTimeout(tellOfPresence, wait, live, sentence);
}

function tellOfPresence(live, sentence) {
  Object.assign(live, { toldAt: Date.now(), told: sentence });
  announce(sentence);
}

// Parts of a page that htmx fetches

function followHtmx() {
  document.addEventListener("htmx:before:request", (event) => markBusy(event.detail.ctx, true));
  document.addEventListener("htmx:finally:request", (event) => requestEnded(event.detail.ctx));
  document.addEventListener("htmx:error", tellOfLostRequest);
  document.addEventListener("htmx:after:settle", (event) => meetNewContent(event.detail.newContent));
}

function markBusy(ctx, busy) {
  // The target may be another one by the end: the first is kept with the request.
  if (busy) ctx.appBusy = ctx.target;
  if (!(ctx.appBusy instanceof Element)) return;
  if (busy) ctx.appBusy.setAttribute("aria-busy", "true");
  else ctx.appBusy.removeAttribute("aria-busy");
}

function requestEnded(ctx) {
  markBusy(ctx, false);
  const form = ctx.request.form;
  if (form) delete form.dataset.submitted;
  if (drafts.has(form)) drafts.get(form).submittedAt = 0;
}

function tellOfLostRequest(event) {
  if (event.detail.ctx) announce("That did not work. Check your connection and try again.");
}

function meetNewContent(nodes) {
  const elements = nodes.filter((node) => node instanceof Element);
  startComponents();
  findDrafts();
  const toFocus = firstWithin(elements, "[data-focus]");
  if (toFocus) focusOn(toFocus);
  const toSay = firstWithin(elements, "[data-announce]");
  if (toSay) announce(toSay.dataset.announce || toSay.textContent.trim());
}

function firstWithin(elements, selector) {
  for (const element of elements) {
    const found = element.matches(selector) ? element : element.querySelector(selector);
    if (found) return found;
  }
  return null;
}

function focusOn(element) {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

start();
