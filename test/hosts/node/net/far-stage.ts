/**
 * The contract suite's board as two boards with a broker between them: the first puppet is on one,
 * all others are on the other. A case runs as it is: what it does with a channel of a puppet on the
 * other board is done with a service of that board.
 *
 * - `ChannelCreate` also registers the channel, under a name that its board exports;
 * - `ConnectAttach` to the other board waits for that name, and opens it;
 * - the gateway receives at once what is sent to the other board: its clients are never
 *   SEND-blocked for longer than that takes, so who waits for SEND there waits for REPLY.
 */
import { EOK, type Limits } from "reattach";
import { type Room, TABLES } from "../../../contract/acts/room.js";
import type {
  Assert,
  Board,
  CallName,
  Cast,
  ContractCase,
  Outcome,
  Puppet,
  PuppetState,
} from "../../../contract/board.js";
import { NAME, OTHER } from "../../../contract/ha-steps.js";
import { endOf, type NodePuppet, settingOf, Stage, until } from "../stage.js";

const BOARDS = ["attic", "cellar"] as const;
type BoardName = (typeof BOARDS)[number];

/** How many puppets a case may have, and channels each of them. */
export const FAR_PUPPETS_MAX = 5;
const CHANNELS_MAX = 4;
/** How long a service may take to be seen on the other board. */
const NAME_MS = 60_000;
/** Nobody is taken for gone on a busy machine. */
const TIMES = { beat_ms: 500, silent_ms: 60_000, broker_ms: 60_000 };

/** Acts that open the service that is their first argument. */
const OPENING_ACTS: readonly string[] = ["openScript", "creatScript"];

function boardOf(puppet: string): BoardName {
  return puppet === "p1" ? "attic" : "cellar";
}

function otherThan(board: BoardName): BoardName {
  return board === "attic" ? "cellar" : "attic";
}

/** Names of the services of a board: those of cases, and one for each channel of a puppet. */
function namesOf(board: BoardName): string[] {
  const puppets = Array.from({ length: FAR_PUPPETS_MAX }, (_, i) => `p${i + 1}`);
  const channels = puppets
    .filter((puppet) => boardOf(puppet) === board)
    .flatMap((puppet) => Array.from({ length: CHANNELS_MAX }, (_, i) => `${puppet}-${i + 1}`));
  return [NAME, OTHER, ...channels];
}

function netOf(board: BoardName, broker: string): object {
  const other = otherThan(board);
  const imports = namesOf(other).map((service) => `${other}/${service}`);
  return { board, broker, exports: namesOf(board), imports, clients: FAR_PUPPETS_MAX, ...TIMES };
}

/** What puppets of both boards need to know of each other. */
interface World {
  /** The service of this channel; undefined where no puppet has made it. */
  find(pid: number, chid: number): Service | undefined;
  /** The board of the living puppet that has registered this name. */
  boardWith(name: string): BoardName | undefined;
  /** How many calls of other boards have come to this one. */
  arrived(board: BoardName): number;
}

interface Service {
  readonly board: BoardName;
  readonly name: string;
}

class FarPuppet implements Puppet {
  /** Names that it has registered, by themselves or for a channel, and the channels. */
  readonly services = new Map<string, number>();
  readonly board: BoardName;
  readonly #near: NodePuppet;
  readonly #world: World;
  #hasFarConnection = false;
  /** How many calls had come to the other board when it was last told to do something. */
  #arrived = 0;

  constructor(near: NodePuppet, world: World) {
    this.#near = near;
    this.#world = world;
    this.board = boardOf(near.name);
  }

  get name(): string {
    return this.#near.name;
  }

  get pid(): number {
    return this.#near.pid;
  }

  async result(name: CallName, ...args: readonly unknown[]): Promise<number> {
    return (await this.call(name, ...args)).result;
  }

  call(name: CallName, ...args: readonly unknown[]): Promise<Outcome> {
    this.#arrived = this.#world.arrived(otherThan(this.board));
    if (name === "ChannelCreate") return this.#create(args);
    if (name === "ConnectAttach") return this.#connect(args);
    if (name === "name_attach") return this.#register(args);
    if (name === "name_open") return this.#open(args);
    return this.#near.call(name, ...this.#farNames(args));
  }

  async act(name: string, ...args: readonly unknown[]): Promise<Outcome> {
    if (OPENING_ACTS.includes(name)) await this.#see(args[0] as string);
    this.#arrived = this.#world.arrived(otherThan(this.board));
    // The server of a typed service is the first puppet.
    const board = name === "serviceOpen" && this.board !== "attic" ? ["attic"] : [];
    if (board.length > 0) this.#hasFarConnection = true;
    return this.#near.act(name, ...this.#farNames(args), ...board);
  }

  async until(state: PuppetState): Promise<void> {
    if (state !== "SEND" || !this.#hasFarConnection) return this.#near.until(state);
    await this.#near.until("REPLY");
    const hasArrived = (): boolean => this.#world.arrived(otherThan(this.board)) > this.#arrived;
    await until(hasArrived, () => `a message of ${this.name} arrives`);
  }

  async #create(args: readonly unknown[]): Promise<Outcome> {
    const outcome = await this.#near.call("ChannelCreate", ...args);
    const chid = outcome.result;
    if (chid < 0) return outcome;
    const service = `${this.name}-${this.services.size + 1}`;
    const status = await this.#near.result("name_attach", { chid }, service, 0);
    if (status < 0) throw new Error(`name_attach: ${service} is ${status}`);
    this.services.set(service, chid);
    return outcome;
  }

  async #register(args: readonly unknown[]): Promise<Outcome> {
    const outcome = await this.#near.call("name_attach", ...args);
    if (outcome.result > 0) this.services.set(args[1] as string, outcome.result);
    return outcome;
  }

  #connect(args: readonly unknown[]): Promise<Outcome> {
    const [, pid, chid] = args as number[];
    const found = this.#world.find(pid!, chid!);
    return found === undefined || found.board === this.board
      ? this.#near.call("ConnectAttach", ...args)
      : this.#openFar(found);
  }

  #open(args: readonly unknown[]): Promise<Outcome> {
    const name = args[0] as string;
    const board = this.#world.boardWith(name);
    return board === undefined || board === this.board
      ? this.#near.call("name_open", ...args)
      : this.#openFar({ board, name });
  }

  async #openFar({ board, name }: Service): Promise<Outcome> {
    this.#hasFarConnection = true;
    const path = `/net/${board}/${name}`;
    await this.#waitFor(path);
    return this.#near.call("name_open", path, 0);
  }

  /** Waits until this board sees a service that has been registered on the other one. */
  async #see(name: string): Promise<void> {
    const board = this.#world.boardWith(name);
    if (board === undefined || board === this.board) return;
    this.#hasFarConnection = true;
    await this.#waitFor(`/net/${board}/${name}`);
  }

  async #waitFor(path: string): Promise<void> {
    const status = await this.#near.result("waitForName", path, NAME_MS);
    if (status !== EOK) throw new Error(`waitForName: ${path} is ${status}`);
  }

  /** The same, with the names of services as this board has them. */
  #farNames(args: readonly unknown[]): unknown[] {
    const named = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(named);
      if (typeof value === "object" && value !== null && "steps" in value) {
        return { ...value, steps: named(value.steps) };
      }
      if (typeof value !== "string") return value;
      const board = this.#world.boardWith(value);
      return board === undefined || board === this.board ? value : `/net/${board}/${value}`;
    };
    return args.map(named);
  }
}

/** Two running boards and their puppets. */
export class FarStage implements World {
  readonly #key: string;
  readonly #stages: Readonly<Record<BoardName, Stage>>;
  #cast: FarPuppet[] = [];

  private constructor(key: string, stages: Record<BoardName, Stage>) {
    this.#key = key;
    this.#stages = stages;
  }

  /** `limits` are those of one of the boards, on top of the case's. */
  static async open(
    each: ContractCase,
    broker: string,
    limits: Partial<Record<BoardName, Partial<Limits>>> = {},
  ): Promise<FarStage> {
    const setting = settingOf(each);
    const openOne = (board: BoardName): Promise<Stage> =>
      Stage.open("", {
        ...setting,
        limits: { ...setting.limits, ...limits[board] },
        net: netOf(board, broker),
      });
    const attic = await openOne("attic");
    const cellar = await openOne("cellar");
    return new FarStage(JSON.stringify(setting), { attic, cellar });
  }

  isFor(each: ContractCase): boolean {
    return this.#key === JSON.stringify(settingOf(each));
  }

  find(pid: number, chid: number): Service | undefined {
    for (const { pid: owner, board, services } of this.#cast) {
      if (owner !== pid) continue;
      for (const [name, own] of services) if (own === chid) return { board, name };
    }
    return undefined;
  }

  boardWith(name: string): BoardName | undefined {
    return this.#cast.find(({ services }) => services.has(name))?.board;
  }

  arrived(board: BoardName): number {
    return this.#stages[board].net.exports.calls;
  }

  /** Plays a case and clears up; rejects when the stage cannot be used again. */
  async play({ puppets: count, run }: ContractCase, t: Assert): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => `p${i + 1}`);
    this.#cast = [];
    for (const name of names) this.#cast.push(await this.#puppet(name));
    const { attic, cellar } = this.#stages;
    const played = run(t, this.#board(), ...(this.#cast as unknown as Cast));
    await endOf(played, [attic, cellar]);
    await this.#clear();
  }

  async close(): Promise<void> {
    await this.#stages.cellar.close();
    await this.#stages.attic.close();
  }

  async #puppet(name: string): Promise<FarPuppet> {
    return new FarPuppet(await this.#stages[boardOf(name)].puppet(name), this);
  }

  #board(): Board {
    return {
      get main(): never {
        throw new Error("there are two main VMs");
      },
      limits: this.#stages.attic.limits,
      puppets: this.#cast,
      kill: ({ name }) => this.#stages[boardOf(name)].kill(name),
      restart: async ({ name }) => {
        const puppet = await this.#puppet(name);
        this.#cast = this.#cast.map((other) => (other.name === name ? puppet : other));
        return puppet;
      },
      until: (isDone) => until(isDone, () => String(isDone)),
    };
  }

  /**
   * Every puppet gives back what it has. Then there is as much room as the application's limits
   * say; what the gateways take on top may be in use.
   */
  async #clear(): Promise<void> {
    for (const stage of Object.values(this.#stages)) await stage.reset();
    for (const board of BOARDS) {
      const stage = this.#stages[board];
      const farNames = namesOf(otherThan(board)).map((name) => `/net/${otherThan(board)}/${name}`);
      await until(
        () => stage.registered(farNames).length === 0,
        () => `${board} sees no service of the case: ${stage.registered(farNames).join(", ")}`,
      );
      const { channels, names, connections, ...others } = stage.limits;
      const imports = namesOf(otherThan(board)).length;
      const agents = (FAR_PUPPETS_MAX + 1) * namesOf(board).length;
      const wanted: Room = {
        ...others,
        channels: channels - imports,
        names: names - imports,
        connections: connections - agents,
      };
      const missing = (): string => {
        const room = stage.room();
        const short = TABLES.filter((table) => room[table] < wanted[table]);
        return short.map((table) => `${table} ${room[table]} of ${wanted[table]}`).join(", ");
      };
      await until(
        () => missing() === "",
        () => `${board} has its room again: ${missing()}`,
      );
    }
  }
}
