// Puts the page together.

import { buildCards, fitStage } from "./cards.js";
import { buildFilters } from "./filters.js";
import { bindGestures } from "./gestures.js";
import { applyTheme, buildHeader } from "./header.js";
import { buildInspector } from "./inspector.js";
import { bindKeys } from "./keys.js";
import { buildList } from "./list.js";
import { buildMini } from "./mini.js";
import { buildMonitor } from "./monitor.js";
import { buildTimeline } from "./timeline.js";

applyTheme();
buildHeader();
buildMonitor();
buildTimeline();
bindGestures();
buildFilters();
buildCards();
buildInspector();
buildMini();
buildList();
bindKeys();
fitStage();
window.addEventListener("resize", fitStage);
performance.mark("ready");
document.documentElement.dataset.ready = "true";
