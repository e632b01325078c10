/**
 * The contract suite: every host must pass every case.
 */
import { argumentCases } from "./arguments.js";
import type { ContractCase } from "./board.js";
import { channelCases } from "./channel.js";
import { connectCases } from "./connect.js";
import { connectInfoCases } from "./connect-info.js";
import { deathCases } from "./death.js";
import { dispatchCases } from "./dispatch.js";
import { eventCases } from "./event.js";
import { haCases } from "./ha.js";
import { haConnectCases } from "./ha-connect.js";
import { haControlCases } from "./ha-control.js";
import { haOnceCases } from "./ha-once.js";
import { haReentryCases } from "./ha-reentry.js";
import { haRestartCases } from "./ha-restart.js";
import { hamCases } from "./ham.js";
import { kernelPulseCases } from "./kernel-pulses.js";
import { leakCases } from "./leaks.js";
import { mainCases } from "./main.js";
import { moveCases } from "./move.js";
import { nameCases } from "./name.js";
import { orderCases } from "./order.js";
import { pollCases } from "./poll.js";
import { pulseCases } from "./pulse.js";
import { receiveCases } from "./receive.js";
import { sendCases } from "./send.js";
import { sendAsyncCases } from "./send-async.js";
import { sendNamesCases } from "./send-names.js";
import { serviceCases } from "./service.js";
import { sharedCases } from "./shared.js";
import { sharingCases } from "./sharing.js";
import { staleCases } from "./stale.js";
import { timeoutCases } from "./timeout.js";
import { unblockCases } from "./unblock.js";
import { waitForNameCases } from "./wait-for-name.js";

/** What clients and servers say to each other: also where they are not on one board. */
export const messageCases: readonly ContractCase[] = [
  ...sendCases,
  ...sendNamesCases,
  ...argumentCases,
  ...receiveCases,
  ...moveCases,
  ...staleCases,
  ...orderCases,
  ...pulseCases,
  ...timeoutCases,
  ...pollCases,
  ...deathCases,
  ...haCases,
  ...haControlCases,
  ...haConnectCases,
  ...haReentryCases,
  ...haRestartCases,
  ...haOnceCases,
  ...serviceCases,
];

/** All. */
export const contractCases: readonly ContractCase[] = [
  ...channelCases,
  ...connectCases,
  ...sharingCases,
  ...connectInfoCases,
  ...messageCases,
  ...kernelPulseCases,
  ...eventCases,
  ...unblockCases,
  ...nameCases,
  ...waitForNameCases,
  ...dispatchCases,
  ...sharedCases,
  ...leakCases,
  ...hamCases,
  ...mainCases,
  ...sendAsyncCases,
];
