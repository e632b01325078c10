/**
 * Every key of `config.reattach.net`, as keys.ts has those of the rest.
 */
import { MS_MAX } from "./keys.js";
import { derived, key, list, object, own, whole } from "./rules.js";

/** Shorter, and boards do nothing but say that they are there. */
const BEAT_MIN_MS = 100;
/** Three of the beats of a board that says nothing else. */
export const SILENT_MS = 15_000;
/** As many places as there can be are for tasks and for these. */
const CLIENTS_MAX = 255;

/** `config.reattach.net`. */
export const NET = object([
  derived(
    "board",
    own("board", 'a name: 1 to 15 of a-z, 0-9, "_" and "-"'),
    "none, it must be there",
    "The name of this board, by which others find it. In Node.js `--board` and `REATTACH_BOARD` " +
      "give another one, on a device `connectBoards()`: one manifest for many boards.",
  ),
  derived(
    "broker",
    own("broker", 'a URL, "mqtt://host:1883" or "mqtts://host:8883"'),
    "none, it must be there",
    "The MQTT broker. In Node.js `REATTACH_BROKER` gives another one, on a device " +
      "`connectBoards()`. User and password never stand in a manifest.",
  ),
  derived(
    "prefix",
    own("topic", 'text without "+", "#" and blanks, that does not begin or end with "/"'),
    '`"reattach"`',
    "What all topics begin with: boards with another prefix do not see each other.",
  ),
  key(
    "exports",
    list(null),
    Object.freeze([]),
    "Names of services of this board that others may use.",
  ),
  derived(
    "imports",
    own("imports", 'a list of "<board>/<service>"'),
    "none",
    "Services of other boards that tasks of this one use. Each takes a channel and a name.",
  ),
  key(
    "clients",
    whole(0, CLIENTS_MAX),
    4,
    "So many clients of other boards are served at a time: tasks there, not boards. Each takes a " +
      "place in the arena. One more is refused with EAGAIN.",
  ),
  key("beat_ms", whole(BEAT_MIN_MS, MS_MAX), 5_000, "So often the board says that it is there."),
  key(
    "silent_ms",
    whole(BEAT_MIN_MS, MS_MAX),
    SILENT_MS,
    "A board that has said nothing for so long is gone: its clients recover. Longer than the " +
      "`beat_ms` of all boards.",
  ),
  key(
    "broker_ms",
    whole(0, MS_MAX),
    5_000,
    "The broker may be gone for so long; calls wait meanwhile. Then all other boards are gone.",
  ),
]);
