import htmx from "htmx.org";

import { installCompare } from "./scripts/compare.js";
import { installDialogs } from "./scripts/dialogs.js";
import { installEvidence } from "./scripts/evidence.js";
import { installForms } from "./scripts/forms.js";
import { installHints } from "./scripts/hints.js";
import { installKeys, takeUpEarlyKeys } from "./scripts/keys.js";
import { installLists } from "./scripts/lists.js";
import { installMenu } from "./scripts/menu.js";
import { installPanels } from "./scripts/panels.js";
import { installPhotos } from "./scripts/photos.js";
import { installPrinting } from "./scripts/printing.js";
import { installRefused } from "./scripts/refused.js";
import { installSearch } from "./scripts/search.js";
import { installToasts } from "./scripts/toasts.js";
import { installTriage } from "./scripts/triage.js";
import { installUnionPickers } from "./scripts/unionPicker.js";

window.htmx = htmx;

installMenu();
installToasts();
installDialogs();
installForms();
installKeys();
installHints();
installLists();
installPhotos();
installPanels();
installCompare();
installEvidence();
installTriage();
installPrinting();
installRefused();
installSearch();
installUnionPickers();
takeUpEarlyKeys();
