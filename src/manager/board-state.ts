/**
 * The life of a board as one table: what an order, or the end of something under way, does in each
 * state. Pure: system.ts asks, and carries out the effects.
 *
 * A restart is exclusive: what is ordered meanwhile joins it, or is done when it is over. Between
 * start() and stop() the later one wins; between stop() and a restart the stop does.
 */

/** What a board is doing, as its users see it. */
export type BoardState = "off" | "starting" | "running" | "restarting" | "stopping";

/** The same, with what follows: a restart may end in a stop, and a stop in a start. */
export type BoardStep = BoardState | "restarting, then off" | "stopping, then on";

/** What happens to a board. */
export type BoardEvent =
  /** start() of all; of one task only while the board is off. */
  | "start"
  /** stop() of all. */
  | "stop"
  /** reboot(), or a policy, or the guardian. */
  | "reboot"
  /** What was to be started runs, or has had its chance. */
  | "begun"
  /** The restart: nothing of the old board runs any more. */
  | "cleared"
  /** The stop: every task has left, and nobody looks after the board any more. */
  | "left";

/** What is to be done, in this order. */
export type BoardEffect =
  /** Look after the board again; first make a new one if the last one cannot be used. */
  | "wake"
  /** Start the tasks that are to be started. */
  | "launch"
  /** Have all tasks leave, each after those that depend on it, and stop looking: "left". */
  | "leave"
  /** End everything at once, and stop looking: "cleared". A device does not come back from here. */
  | "clear"
  /** Make a new board in place of the old one. */
  | "assemble"
  /** Tell the listeners of "reboot". */
  | "tell"
  /** Everybody who waits for the restart has it: nothing is to be started. */
  | "restarted"
  /** Everybody who waits for a restart gets "superseded". */
  | "give up restart"
  /** Everybody who waits for a start that has not begun gets "superseded". */
  | "give up start"
  /** Everybody who waits for a stop has it. */
  | "stopped";

/** Where an event leads. */
export interface BoardRule {
  readonly to: BoardStep;
  readonly effects: readonly BoardEffect[];
}

function rule(to: BoardStep, ...effects: BoardEffect[]): BoardRule {
  return Object.freeze({ to, effects: Object.freeze(effects) });
}

type BoardRow = Readonly<Partial<Record<BoardEvent, BoardRule>>>;

/** An event that a row does not have changes nothing: it is late. */
export const BOARD_TABLE: Readonly<Record<BoardStep, BoardRow>> = Object.freeze({
  off: Object.freeze({
    start: rule("starting", "wake", "launch"),
    stop: rule("off", "stopped"),
    reboot: rule("restarting, then off", "clear"),
  }),
  starting: Object.freeze({
    start: rule("starting", "launch"),
    stop: rule("stopping", "leave"),
    reboot: rule("restarting", "clear"),
    begun: rule("running"),
  }),
  running: Object.freeze({
    start: rule("starting", "launch"),
    stop: rule("stopping", "leave"),
    reboot: rule("restarting", "clear"),
  }),
  restarting: Object.freeze({
    // The order waits for "launch".
    start: rule("restarting"),
    stop: rule("restarting, then off", "give up start", "give up restart"),
    // One restart for both.
    reboot: rule("restarting"),
    cleared: rule("starting", "assemble", "stopped", "wake", "launch", "tell"),
  }),
  "restarting, then off": Object.freeze({
    start: rule("restarting"),
    stop: rule("restarting, then off"),
    reboot: rule("restarting, then off"),
    cleared: rule("off", "assemble", "restarted", "stopped", "tell"),
  }),
  stopping: Object.freeze({
    start: rule("stopping, then on"),
    stop: rule("stopping"),
    reboot: rule("stopping", "give up restart"),
    left: rule("off", "stopped"),
  }),
  "stopping, then on": Object.freeze({
    start: rule("stopping, then on"),
    stop: rule("stopping", "give up start"),
    reboot: rule("stopping, then on", "give up restart"),
    left: rule("starting", "stopped", "wake", "launch"),
  }),
});

const LATE: readonly BoardEffect[] = Object.freeze([]);

/** What an event does to a board in a state. */
export function nextStep(step: BoardStep, event: BoardEvent): BoardRule {
  return BOARD_TABLE[step][event] ?? { to: step, effects: LATE };
}

/** The state that users see. */
export function stateOf(step: BoardStep): BoardState {
  if (step === "restarting, then off") return "restarting";
  return step === "stopping, then on" ? "stopping" : step;
}
