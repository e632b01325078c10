/** Offers echo() through synckit. */
import { runAsWorker } from "synckit";

runAsWorker((bytes) => Promise.resolve(bytes));
