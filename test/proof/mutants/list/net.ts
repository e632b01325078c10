/**
 * Bugs in what boards say to each other.
 */
import type { Mutant } from "../mutant.js";

const EXPORTS = "src/net/exports.ts";
const IMPORTS = "src/net/imports.ts";
const GATEWAY = "src/net/gateway.ts";
const VISITOR = "src/net/visitor.ts";
const FRAME = "src/net/frame.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a call that comes twice from another board is made twice",
    file: EXPORTS,
    find: "    if (header.number === visitor.number) {\n",
    replace: "    if (false as boolean) {\n",
    breaks: [],
  },
  {
    name: "the number of an older call is taken for a new one",
    file: EXPORTS,
    find: "F.isOlder(header.number, visitor.number)) {",
    replace: "(false as boolean)) {",
    breaks: [],
  },
  {
    name: "numbers of calls do not wrap",
    file: FRAME,
    find: "((number - than) & (NUMBERS - 1)) >= NUMBERS / 2",
    replace: "number < than",
    breaks: [],
  },
  {
    name: "an answer that was lost is not sent again",
    file: EXPORTS,
    find: '        if (visitor.state !== "running") this.#tell(visitor);\n        return;',
    replace: "        return;",
    breaks: [],
  },
  {
    name: "a later attempt of a client of another board is taken for a repeat",
    file: EXPORTS,
    find: 'visitor.state === "lost" && isLater',
    replace: 'visitor.state === "lost" && !isLater',
    breaks: [],
  },
  {
    name: "a call of another board dies with its eighth server",
    file: EXPORTS,
    find: "header.attempt > visitor.attempt || header.life !== visitor.life",
    replace: "header.attempt > visitor.attempt",
    breaks: [],
  },
  {
    name: "an answer that was given is given up when the client's board tries again",
    file: EXPORTS,
    find: 'visitor.state === "lost" && isLater',
    replace: 'visitor.state !== "running" && isLater',
    breaks: [],
  },
  {
    name: "frames of another session are taken",
    file: GATEWAY,
    find: "if (life === 0 || header.session !== session) {",
    replace: "if (life === 0) {",
    breaks: [],
  },
  {
    name: "agents of a board live on when it has booted anew",
    file: GATEWAY,
    find: "      this.exports.forget(board);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "what a broker has kept of an older life of a board counts",
    file: GATEWAY,
    find: "(isKept || status.services === null)",
    replace: "status.services === null",
    breaks: [],
  },
  {
    name: "a last will of an older life of a board counts",
    file: GATEWAY,
    find: "(isKept || status.services === null)",
    replace: "isKept",
    breaks: [],
  },
  {
    name: "a board that is silent is not gone",
    file: GATEWAY,
    find: "now - peer.heard_ms >= times.silent_ms) this.#lose(board, peer);",
    replace: "now - peer.heard_ms >= times.silent_ms) peer.heard_ms = now;",
    breaks: [],
  },
  {
    name: "the transmissions before are not told to a server of another board",
    file: VISITOR,
    find: "      $own[L.SLOT_FIRST] = this.#first;\n",
    replace: "      $own[L.SLOT_FIRST] = 0;\n",
    breaks: [],
  },
  {
    name: "an agent does not note that a server may have seen its message",
    file: VISITOR,
    find: "    if (seen === SEEN) this.#first = this.agent.act(() => nextFirst(this.#first));\n",
    replace: "",
    breaks: [],
  },
  {
    name: "the first transmission of the call before is kept for the next one",
    file: VISITOR,
    find: "    this.number = number;\n    this.#first = 0;\n",
    replace: "    this.number = number;\n",
    breaks: [],
  },
  {
    name: "a frame that was lost is not sent again",
    file: IMPORTS,
    find: "if (waiting !== null && now >= waiting.due_ms) this.#retry(client, waiting, now);",
    replace: "if (waiting !== null && now < 0) this.#retry(client, waiting, now);",
    breaks: [],
  },
  {
    name: "each transmission of a call to another board has a number of its own",
    file: IMPORTS,
    find: "    if (client.message !== info.number) {\n",
    replace: "    if (client.message !== -2) {\n",
    breaks: [],
  },
  {
    name: "calls to all boards have one count of numbers",
    file: IMPORTS,
    find: "known: this.#clients.get(board)!,",
    replace: "known: this.#clients.values().next().value!,",
    breaks: [],
  },
  {
    name: "an answer is taken for that of another call",
    file: IMPORTS,
    find: "waiting === null || waiting.number !== header.number",
    replace: "waiting === null",
    breaks: [],
  },
  {
    name: "LOST does not close the channel of its service",
    file: IMPORTS,
    find: "    if (header.type === F.LOST) return this.#close(waiting.imported);\n",
    replace: "    if (header.type === F.LOST) return;\n",
    breaks: [],
  },
  {
    name: "the channel of a service of another board outlives its life",
    file: IMPORTS,
    find: "if (life === imported.life && session === imported.session && imported.chid >= 0) continue;",
    replace: "if (life !== 0 && imported.chid >= 0) continue;",
    breaks: [],
  },
  {
    name: "BYE does not end an agent",
    file: EXPORTS,
    find: "      this.#remember(visitor);\n      this.#release(place, visitor);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a call that comes after BYE is made once more",
    file: EXPORTS,
    find: "known === null && this.#isLate(from, header)",
    replace: "known === null && false",
    breaks: [],
  },
  {
    name: "a board does not say that a client is gone",
    file: IMPORTS,
    find: "    this.#options.send(imported.board, F.frameOf(this.#head(F.BYE, imported, pid), EMPTY));\n",
    replace: "",
    breaks: [],
  },
  {
    name: "an agent that is given to another client does not leave its number behind",
    file: EXPORTS,
    find: "      this.#remember(quiet);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "an agent whose message a server has seen is given to another client",
    file: VISITOR,
    find: "this.#first === 0 ? QUIET_MS : QUIET_SEEN_MS",
    replace: "QUIET_MS",
    breaks: [],
  },
];
