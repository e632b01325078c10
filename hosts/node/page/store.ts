/**
 * What the page is about, as signals: the recording, the moment that is shown, and what the user
 * has chosen. Views read signals and call the functions here; nothing else changes them.
 *
 * Words and numbers change four times a second and pictures ten times, however fast messages come;
 * nothing is computed while the tab is hidden.
 */
import { computed, signal } from "@preact/signals";
import type { HamDirectory } from "../../../src/manager/status.js";
import type { MessageRow, MessageWindow } from "../watch/message-window.js";
import {
  type Answer,
  PROTOCOL_VERSION,
  type Request,
  type WatchMessage,
} from "../watch/protocol.js";
import type { LogFilter } from "./model/log-lines.js";
import { covers, isWhole, united, within } from "./model/messages.js";
import { type Moment, momentAt } from "./model/moment.js";
import { Recording } from "./model/recording.js";
import { moved, spanOf, type View, zoomed } from "./model/timeline.js";
import { troublesAt } from "./model/troubles.js";
import { type Verdict, verdictOn } from "./model/verdict.js";
import { Link, type LinkState } from "./stream/link.js";
import { takeToken } from "./stream/token.js";

const WORDS_MS = 250;
const PICTURES_MS = 100;
/** The clock runs on between frames, but not for longer: then the board is late, or gone. */
const AHEAD_MS = 400;

/** While the timeline follows the board, messages are asked for when it shows no more than this. */
const CLOSE_MS = 2_000;
/** So much later all records of a moment have been read. */
const SETTLED_MS = 200;

export type Theme = "auto" | "light" | "dark";

/** What the server has refused, or what is wrong with its protocol; "" for nothing. */
export const notice = signal("");
export const linkState = signal<LinkState>("connecting");
export const recording = signal<Recording | null>(null);
export const selected = signal<string | null>(null);
/** A moment of the past that is looked at; null for now. */
export const frozen_ms = signal<number | null>(null);
export const view = signal<View>({ span_ms: 20_000, end_ms: null });
export const logFilter = signal<LogFilter>({
  task: "",
  words: "",
  hasEvents: true,
  level: "debug",
});
export const isLogFollowing = signal(true);
export const theme = signal<Theme>("auto");
export const isHelpOpen = signal(false);
/** The last answer to a question for messages. */
const answered = signal<MessageWindow | null>(null);
/** The messages of the span that the timeline shows; null where it is too wide for them. */
export const messages = computed(() => {
  const found = answered.value;
  if (found === null || view.value.end_ms === null) return found;
  return within(found, spanOf(view.value, 0));
});
/** The message that was picked. */
export const picked = signal<MessageRow | null>(null);
export const ham = signal<HamDirectory | null>(null);

/** Raised when words, or pictures, are due. */
const wordsDue = signal(0);
export const picturesDue = signal(0);

let heard_at = 0;

/** The board's clock, now. */
export function now_ms(): number {
  const known = recording.peek()?.now_ms ?? 0;
  return known + Math.min(AHEAD_MS, Math.max(0, performance.now() - heard_at));
}

/** The moment that is shown, in the board's clock. */
export function shown_ms(): number {
  return frozen_ms.peek() ?? now_ms();
}

/** The moment that the words are about; null before the first frame. */
export const moment = computed<Moment | null>(() => {
  void wordsDue.value;
  return recording.value === null ? null : momentAt(recording.value, frozen_ms.value ?? now_ms());
});

export const troubles = computed(() => {
  const at = moment.value;
  return at === null ? [] : troublesAt(at, recording.value?.failedReloadAt(at.ms));
});

export const verdict = computed<Verdict | null>(() => {
  const at = moment.value;
  if (at === null || recording.value === null) return null;
  return verdictOn(at, troubles.value, recording.value.incidents.lastHealed(at.ms));
});

/** The task that the details are about: the selected one, else the first in trouble. */
export const subject = computed(() => {
  const at = moment.value;
  if (at === null) return null;
  const name = selected.value ?? troubles.value[0]?.task ?? at.tasks[1]?.name ?? "main";
  return at.byName.get(name) ?? at.tasks[0] ?? null;
});

const link = new Link(takeToken(), {
  onState: (state) => {
    if (state === "lost" && linkState.peek() === "live") {
      recording.peek()?.addGap("the simulator is gone, or cannot be reached");
    }
    linkState.value = state;
  },
  onMessage: take,
});

function take(message: WatchMessage): void {
  heard_at = performance.now();
  if (message.type !== "welcome") {
    recording.peek()?.add(message);
    return;
  }
  if (message.protocol !== PROTOCOL_VERSION) {
    notice.value =
      `The simulator speaks version ${message.protocol} of the protocol, and this page ` +
      `version ${PROTOCOL_VERSION}: load it again.`;
    return;
  }
  notice.value = "";
  frozen_ms.value = null;
  view.value = { ...view.peek(), end_ms: null };
  answered.value = null;
  picked.value = null;
  recording.value = new Recording(message);
}

/** Has something done, and says what came of it where it was refused. */
export async function order(request: Request): Promise<Answer> {
  const answer = await link.ask(request);
  notice.value = answer.ok ? "" : answer.error;
  return answer;
}

/** Asks for the manager's tree. */
export async function askHam(): Promise<void> {
  const answer = await link.ask({ call: "ham" });
  if (answer.ok) ham.value = answer.value as HamDirectory;
}

/** Are single messages to be seen: of a board that is traced, close by or standing still? */
function areMessagesWanted(): boolean {
  const { span_ms, end_ms } = view.peek();
  if (linkState.peek() !== "live" || recording.peek()?.welcome.isTraced !== true) return false;
  return end_ms !== null || span_ms <= CLOSE_MS;
}

let isAsking = false;
/** When the span that `messages` has was asked for. */
let asked_ms = 0;

/** Asks for the messages of the span that is shown, unless all of them are there. */
async function askMessages(): Promise<void> {
  if (!areMessagesWanted()) {
    answered.value = null;
    return;
  }
  const span = spanOf(view.peek(), now_ms());
  const { from_ms, to_ms } = span;
  const before = answered.peek();
  const isThere = before !== null && isWhole(before) && covers(before, span);
  if (isAsking || (isThere && asked_ms >= to_ms + SETTLED_MS)) return;
  isAsking = true;
  const asks_ms = now_ms();
  const answer = await link.ask({ call: "messages", from_ms, to_ms });
  isAsking = false;
  if (!answer.ok) {
    notice.value = answer.error;
    return;
  }
  if (!areMessagesWanted()) return;
  asked_ms = asks_ms;
  const found = answer.value as MessageWindow;
  // While it stands still the simulator goes on, and forgets what the page has heard already.
  answered.value = isThere ? united(before, found) : found;
  const again = found.messages.find(({ id }) => id === picked.peek()?.id);
  if (again !== undefined) picked.value = again;
}

/** Selects a task for all views, or none. */
export function select(name: string | null): void {
  selected.value = name;
}

/** Selects a task, or takes the selection back when it is the one. */
export function toggle(name: string): void {
  select(selected.peek() === name ? null : name);
}

/** Looks at a moment of the past; null: at now again. */
export function freeze(ms: number | null): void {
  frozen_ms.value = ms;
  if (ms === null) view.value = { ...view.peek(), end_ms: null };
  else if (view.peek().end_ms === null) view.value = { ...view.peek(), end_ms: now_ms() };
  void askMessages();
}

/** Shows so much of the past. */
export function setSpan(span_ms: number): void {
  view.value = { ...view.peek(), span_ms };
}

/** Zooms by a factor around a point of the timeline, given as a share of its width. */
export function zoom(factor: number, share = view.peek().end_ms === null ? 1 : 0.5): void {
  view.value = zoomed(view.peek(), factor, now_ms(), share);
}

/** Moves the timeline. */
export function moveBy(ms: number): void {
  view.value = moved(view.peek(), ms, now_ms());
}

export function setLogFilter(change: Partial<LogFilter>): void {
  logFilter.value = { ...logFilter.peek(), ...change };
}

/** Connects, and starts the two clocks of the page. */
export function begin(): void {
  void link.run();
  const tick = (due: typeof wordsDue): void => {
    if (!document.hidden) due.value++;
  };
  setInterval(() => {
    tick(wordsDue);
    if (!document.hidden) void askMessages();
  }, WORDS_MS);
  setInterval(() => tick(picturesDue), PICTURES_MS);
  document.addEventListener("visibilitychange", () => tick(wordsDue));
}
