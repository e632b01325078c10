/**
 * Three boards as processes of their own and a real mosquitto, all of which are killed with -9
 * again and again under load: nothing is lost or wrong, and nothing is done twice in one life of a
 * board.
 *
 * BOARDS_KILLS says how many boards are killed; of the broker it is a fifth of that. BOARDS_SEED
 * replays the choices of a run.
 */
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { folderOf } from "../../hosts/node/temp-folder.js";
import { mosquittoTest, startMosquitto } from "../../hosts/node/net/mosquitto.js";
import { figure } from "../verify/figure.js";
import { BOARDS, FILES } from "./real-app.js";
import { RealBoard } from "./real-board.js";

const seed = Number(process.env["BOARDS_SEED"] ?? Date.now() % 1_000_000);
const kills = Number(process.env["BOARDS_KILLS"] ?? 1_000);
/** So many boards are killed for each time that the broker is. */
const BOARDS_A_BROKER = 5;
const LOOK_MS = 5;
/** A board lives so long at the most once it is up; the broker is gone for so long at the most. */
const LIFE_MS = 1_000;
const GONE_MS = 2_000;
/** Saved so often: one that is killed comes back with statuses of lives that are over. */
const SAVE_S = 2;

mosquittoTest(
  `boards: ${kills} killed with -9, and the broker (BOARDS_SEED=${seed})`,
  [],
  async (t) => {
    const random = seededRandom(seed);
    const broker = await startMosquitto(t, { save_s: SAVE_S });
    const folder = folderOf(t, FILES);
    const boards = BOARDS.map((name) => new RealBoard(name, folder, broker.url));
    t.teardown(async () => {
      await Promise.all(boards.map((board) => board.kill()));
    });
    const isFine = (): boolean =>
      boards.every((board) => !board.isStuck && board.problems.length === 0);
    for (const board of boards) board.start();

    let killed = 0;
    const goesOn = (): boolean => killed < kills && isFine();
    const killAgain = async (board: RealBoard): Promise<void> => {
      while (goesOn()) {
        await delay(LOOK_MS);
        if (!board.isUp) continue;
        await delay(random() * LIFE_MS);
        await board.kill();
        killed++;
        board.start();
      }
    };
    let brokerKills = 0;
    const killBroker = async (): Promise<void> => {
      while (goesOn()) {
        await delay(LOOK_MS);
        if (killed < (brokerKills + 1) * BOARDS_A_BROKER) continue;
        await broker.kill();
        brokerKills++;
        await delay(random() * GONE_MS);
        await broker.start();
      }
    };
    await Promise.all([...boards.map(killAgain), killBroker()]);

    // Nothing happens any more: every client gets answers.
    for (const board of boards) board.watch();
    while (isFine() && !boards.every((board) => board.isWell)) await delay(LOOK_MS);
    t.deepEqual(
      boards.flatMap(({ problems }) => problems),
      [],
      "nothing lost, wrong or done twice",
    );
    t.ok(killed >= kills, `${killed} kills of boards`);
    t.ok(brokerKills >= Math.floor(kills / BOARDS_A_BROKER) - 1, `${brokerKills} of the broker`);
    figure(t, "kills of boards", killed);
    figure(t, "kills of brokers", brokerKills);
    const answers = boards.reduce((sum, board) => sum + board.answers, 0);
    t.ok(answers >= kills, `${answers} answers`);
    figure(t, "calls between real boards", answers);
  },
);
