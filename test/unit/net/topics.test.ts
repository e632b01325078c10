/**
 * Topics: read as they were written; what a broker may send besides is none.
 */
import test from "tape";
import { frameTopic, readTopic, statusTopic } from "../../../src/net/topics.js";

test("topics: read as they were written, with a prefix of one level and of several", (t) => {
  for (const prefix of ["reattach", "house/2"]) {
    t.deepEqual(readTopic(prefix, statusTopic(prefix, "attic")), {
      kind: "status",
      board: "attic",
    });
    const frame = { kind: "frame", board: "attic", from: "cellar" };
    t.deepEqual(readTopic(prefix, frameTopic(prefix, "attic", "cellar")), frame);
  }
  t.equal(frameTopic("reattach", "attic", "+"), "reattach/attic/in/+", "frames of all boards");
  t.end();
});

test("readTopic: null for every other topic", (t) => {
  const others = [
    "",
    "reattach",
    "reattach/",
    "reattach/attic",
    "reattach/attic/status/more",
    "reattach/attic/in",
    "reattach/attic/in/",
    "reattach/attic/in/cellar/more",
    "reattach/attic/out/cellar",
    "reattach/Attic/status",
    "reattach//status",
    "reattach/a-name-that-is-too-long/status",
    "reattach/attic/in/Not-A-Board",
    "reattach2/attic/status",
    "other/attic/status",
    "$SYS/broker/version",
  ];
  for (const topic of others) t.equal(readTopic("reattach", topic), null, topic);
  t.end();
});
