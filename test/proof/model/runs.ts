/**
 * The searches: which model, how large, and what has to come out.
 */

/** One search of a model. */
export interface Run {
  /** What it is about. */
  readonly title: string;
  readonly model: "message" | "sleep" | "pulse" | "net";
  /** Sizes, and for a control the protection that it takes away (BUG_). */
  readonly defines: readonly string[];
  /**
   * "safety": assertions and dead ends, of all states. "liveness": the property I1, with weak
   * fairness. "bitstate": safety, of as many states as a minute allows, in a table of bits.
   */
  readonly search: "safety" | "liveness" | "bitstate";
  /** A control: with a protection taken away an error has to be found. */
  readonly isControl?: boolean;
  /** Fewer states than this are not a search of the model. Default 100. */
  readonly statesMin?: number;
}

export const RUNS: readonly Run[] = [
  {
    title: "two clients, a server that dies, and its successor",
    model: "message",
    defines: ["NC=2", "SERVER_DEATHS=1"],
    search: "safety",
    statesMin: 100_000,
  },
  {
    title: "a client that gives up, two messages, a server that dies",
    model: "message",
    defines: ["NC=1", "SERVER_DEATHS=1", "TIMEOUTS=1", "MESSAGES=2"],
    search: "safety",
    statesMin: 1_000,
  },
  {
    title: "a death reported by two VMs, one of them slow enough to meet the successor",
    model: "message",
    defines: ["NC=1", "SERVER_DEATHS=1", "REPORTERS=2"],
    search: "safety",
    statesMin: 1_000,
  },
  {
    title: "a client and its server die, and the client's place is given on",
    model: "message",
    defines: ["NC=1", "SERVER_DEATHS=1", "CLIENT_DEATHS=1"],
    search: "safety",
    statesMin: 1_000,
  },
  {
    title: "three clients, two servers, deaths of both servers and of a client",
    model: "message",
    defines: ["NC=3", "NS=2", "SERVER_DEATHS=2", "CLIENT_DEATHS=1"],
    search: "bitstate",
    statesMin: 1_000_000,
  },
  {
    title: "every call ends, whenever the server dies",
    model: "message",
    defines: ["NC=1", "SERVER_DEATHS=1"],
    search: "liveness",
  },
  {
    title: "all news are taken although wake-ups get lost",
    model: "sleep",
    defines: [],
    search: "safety",
  },
  {
    title: "where wake-ups are not lost nobody needs the slice",
    model: "sleep",
    defines: ["EXACT", "BUG_NO_SLICE", "NEWS=1"],
    search: "safety",
  },
  {
    title: "where they are not lost the slice finds what a waker never rang for",
    model: "sleep",
    defines: ["EXACT", "MUTE"],
    search: "safety",
  },
  {
    title: "a channel is closed and opened again while two tasks send pulses, and one dies",
    model: "pulse",
    defines: [],
    search: "safety",
    statesMin: 1_000,
  },
  {
    title: "two calls to another board, whose service dies, and is taken for dead once",
    model: "net",
    defines: [],
    search: "safety",
    statesMin: 1_000_000,
  },
  {
    title: "a client of another board gives up, and goes on to its next call",
    model: "net",
    defines: ["DOUBTS=0", "GIVE_UPS=1"],
    search: "safety",
    statesMin: 100_000,
  },
  {
    title: "the board of a client boots anew, and its old frames are still under way",
    model: "net",
    defines: ["DOUBTS=0", "BOOTS=1", "MESSAGES=1"],
    search: "safety",
    statesMin: 100_000,
  },
  {
    title: "the agent of a client that is quiet is given to another one",
    model: "net",
    defines: ["RELEASES=1", "MESSAGES=1"],
    search: "safety",
    statesMin: 50_000,
  },
  ...controls("message", [
    ["BIT_BEFORE_STATE", ["NC=1", "SERVER_DEATHS=1"]],
    ["NO_SECOND_LOOK", ["NC=1", "SERVER_DEATHS=1"]],
    ["STATE_BEFORE_BIT", ["NC=1", "SERVER_DEATHS=0", "TIMEOUTS=1", "MESSAGES=2"]],
    ["NO_INCARNATION", ["NC=2", "SERVER_DEATHS=1"]],
    ["NO_LEDGER", ["NC=1", "SERVER_DEATHS=1"]],
    ["NO_CLAIM", ["NC=1", "SERVER_DEATHS=0", "TIMEOUTS=1", "MESSAGES=2"]],
    ["ANY_LIFE", ["NC=1", "SERVER_DEATHS=1", "REPORTERS=2"]],
    ["SCAN_BEFORE_LIFE", ["NC=1", "SERVER_DEATHS=1"]],
  ]),
  ...controls("sleep", [
    ["NO_SLICE", []],
    ["NO_SLICE", ["EXACT", "MUTE"]],
    ["NO_BELL", ["EXACT", "BUG_NO_SLICE"]],
    ["RING_FIRST", ["EXACT", "BUG_NO_SLICE"]],
    ["LOOK_FIRST", ["EXACT", "BUG_NO_SLICE"]],
  ]),
  ...controls("pulse", [
    ["LIFE_BEFORE_CLAIM", []],
    ["CLAIM_BY_STORE", []],
    ["PUBLISH_BY_STORE", []],
    ["KEEP_OLD_CLAIMS", []],
    ["KEEP_CLAIMS", []],
  ]),
  ...controls("net", [
    ["ANY_ATTEMPT", []],
    ["NO_FIRST", ["MESSAGES=1"]],
    ["NO_LEDGER", ["MESSAGES=1"]],
    ["ANY_SESSION", ["BOOTS=1"]],
    ["FORGET", ["RELEASES=1"]],
    ["RELEASE_OWED", ["RELEASES=1", "MESSAGES=1"]],
  ]),
];

/** What takes a protection away, and where that has to show. */
function controls(
  model: Run["model"],
  bugs: readonly (readonly [bug: string, defines: readonly string[]])[],
): Run[] {
  return bugs.map(([bug, defines]) => ({
    title: `without its protection it fails: ${bug}`,
    model,
    defines: [...defines, `BUG_${bug}`],
    search: "safety",
    isControl: true,
  }));
}
