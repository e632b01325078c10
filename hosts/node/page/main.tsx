/**
 * The page of `reattach dev`: starts the store and draws everything.
 */
import { render } from "preact";
import { listenForKeys } from "./keys.js";
import { begin } from "./store.js";
import { followTheme } from "./theme.js";
import { App } from "./views/app.js";

followTheme();
listenForKeys();
render(<App />, document.getElementById("page")!);
begin();
