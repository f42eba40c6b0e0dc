// The dossier's page: choose or drop files, watch what becomes of them.

import { addCard, followAll } from "./live.js";
import { sending } from "./sending.js";

const drop = document.getElementById("drop");
if (drop) sending(drop, (scan) => addCard(scan.id));
followAll();
