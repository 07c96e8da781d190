// What the site adds to pages that are whole without it. Modules that a page does not need are not fetched.
// @ts-check
import { rememberClock } from "./clock.js";
import { showEvidence } from "./windows.js";

document.documentElement.classList.add("js");
rememberClock();
showEvidence(document);

const box = document.querySelector(".span-box");
if (box) import("./span.js").then((module) => module.makeSpan(box));

const live = document.getElementById("live");
if (live && "EventSource" in window) import("./live.js").then((module) => module.follow(live));

if (document.querySelector("section.list")) import("./list.js").then((module) => module.followList());
