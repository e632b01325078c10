/**
 * What device code imports: each module of the simulated board, call by call, as on an ESP32.
 */
import test from "tape";
import type { Step } from "./fixtures/driver.js";
import { play } from "./play.js";

const WIRES = { data: 21, clock: 22, hz: 100_000 };
const THERMOMETER = { ...WIRES, address: 0x48 };
const MEMORY = { ...WIRES, address: 0x50 };
const OTHER = { data: 18, clock: 19, hz: 400_000, address: 0x49 };
const NOBODY = { ...WIRES, address: 0x11 };

/** A module, steps, and what each of them gives. */
type Case = readonly [title: string, steps: readonly (readonly [Step, unknown])[]];

const CASES: readonly Case[] = [
  [
    "embedded:io/i2c: reads, writes, and both in one transfer",
    [
      [["open", "io", "I2C", MEMORY], "opened"],
      [["io", "write", [0]], "undefined"],
      [
        ["io", "read", 3],
        [1, 2, 3],
      ],
      [["io", "write", [0, 9, 8]], "undefined"],
      [
        ["io", "writeRead", [0], 3],
        [9, 8, 3],
      ],
      [
        ["io", "writeRead", [0], [0, 0]],
        [2, [9, 8]],
      ],
      [["io", "get", "format"], "buffer"],
      [["io", "write", "text"], "throws TypeError: it is no buffer of bytes"],
      [["io", "read", -1], "throws RangeError: invalid count"],
      [["io", "read", 20_000], "throws RangeError: found 20000 bytes, allowed are 16384"],
      [["io", "close"], "undefined"],
      [["io", "close"], "undefined"],
      [["io", "read", 1], "throws Error: it is closed"],
    ],
  ],
  [
    "embedded:io/i2c: nobody there, nothing connected, and what a constructor refuses",
    [
      [["open", "io", "I2C", NOBODY], "opened"],
      [["io", "read", 1], "throws Error: read failed"],
      [["io", "write", [1]], "throws Error: write failed"],
      [["io", "writeRead", [1], 1], "throws Error: writeRead failed"],
      [["io", "write", []], 1],
      [["open", "here", "I2C", MEMORY], "opened"],
      [["here", "write", []], "undefined"],
      [["open", "far", "I2C", { ...MEMORY, data: 32, clock: 33 }], "opened"],
      [["far", "read", 1], "throws Error: nobody answers: nothing is connected to these pins"],
      [["open", "x", "I2C", { clock: 22, hz: 1, address: 1 }], "throws RangeError: data required"],
      [["open", "x", "I2C", { ...WIRES }], "throws RangeError: address required"],
      [["open", "x", "I2C", { ...WIRES, address: 128 }], "throws RangeError: invalid address"],
      [["open", "x", "I2C", { ...THERMOMETER, hz: 0 }], "throws RangeError: invalid hz"],
      [["open", "x", "I2C", { ...THERMOMETER, timeout: -2 }], "throws RangeError: invalid timeout"],
      [
        ["open", "x", "I2C", { ...THERMOMETER, format: "number" }],
        "throws RangeError: invalid format",
      ],
      [
        ["open", "x", "I2C", MEMORY],
        'throws RangeError: duplicate address: task "driver" has it open',
      ],
    ],
  ],
  [
    "embedded:io/i2c: a device with functions of its own",
    [
      [["open", "io", "I2C", OTHER], "opened"],
      [["io", "write", [7, 7]], "undefined"],
      [
        ["io", "read", 5],
        [1, 2, 3, 0xff, 0xff],
      ],
      [["io", "write", [0xee]], "throws Error: write failed"],
      [["io", "write", [0xdd]], "undefined"],
      [["io", "read", 1], "throws Error: read failed"],
    ],
  ],
  [
    "embedded:io/smbus: registers of both widths and orders",
    [
      [["open", "io", "SMBus", THERMOMETER], "opened"],
      [["io", "readUint16", 1, true], 0x60a0],
      [["io", "readUint16", 1], 0xa060],
      [["io", "writeUint16", 2, 0x1234, true], "undefined"],
      [["io", "readUint8", 2], 0x12],
      [["io", "writeUint16", 2, 0x1234], "undefined"],
      [["io", "readUint16", 2, true], 0x3412],
      [
        ["io", "readBuffer", 2, [0, 0]],
        [2, [0x34, 0x12]],
      ],
      [["open", "memory", "SMBus", MEMORY], "opened"],
      [["memory", "writeUint8", 0, 200], "undefined"],
      [["memory", "writeBuffer", 1, [5, 6]], "undefined"],
      [
        ["memory", "readBuffer", 0, 3],
        [200, 5, 6],
      ],
      [["memory", "sendByte", 2], "undefined"],
      [["memory", "receiveByte"], 6],
      [["memory", "writeQuick"], "undefined"],
      [["memory", "close"], "undefined"],
    ],
  ],
  [
    "embedded:io/digital: levels of inputs and outputs",
    [
      [["open", "high", "Digital", { pin: 4, mode: 0 }], "opened"],
      [["high", "read"], 1],
      [["high", "write", 1], "throws Error: can't write input"],
      [["open", "up", "Digital", { pin: 13, mode: 1 }], "opened"],
      [["up", "read"], 1],
      [["open", "down", "Digital", { pin: 14, mode: 2 }], "opened"],
      [["down", "read"], 0],
      [["open", "out", "Digital", { pin: 26, mode: 8 }], "opened"],
      [["open", "follower", "Digital", { pin: 27, mode: 0 }], "opened"],
      [["out", "write", 1], "undefined"],
      [["follower", "read"], 1],
      [["out", "write", 0], "undefined"],
      [["follower", "read"], 0],
      [["out", "read"], "throws Error: can't read output"],
      [["open", "low", "Digital", { pin: 15, mode: 0, activeLow: true }], "opened"],
      [["low", "read"], 1],
      [
        ["open", "x", "Digital", { pin: 4, mode: 0 }],
        'throws Error: in use: task "driver" has pin 4 open',
      ],
      [["open", "x", "Digital", { pin: 5, mode: 5 }], "throws RangeError: invalid mode"],
      [["open", "x", "Digital", { pin: 99, mode: 0 }], "throws RangeError: invalid pin"],
      [
        ["open", "x", "Digital", { pin: 5, mode: 0, callbacks: ["onReadable"] }],
        "throws RangeError: invalid edges",
      ],
      [["open", "x", "Digital", { pin: 5, mode: 8, initialValue: 1 }], "opened"],
    ],
  ],
  [
    "embedded:io/analog and pwm: samples and duty cycles",
    [
      [["open", "in", "Analog", { pin: 34 }], "opened"],
      [["in", "read"], 1024],
      [["in", "get", "resolution"], 12],
      [
        ["open", "x", "Analog", { pin: 34 }],
        'throws RangeError: in use: task "driver" has pin 34 open',
      ],
      [["open", "out", "PWM", { pin: 12 }], "opened"],
      [["out", "get", "hz"], 1_024],
      [["out", "get", "resolution"], 10],
      [["out", "write", 1_023], "undefined"],
      [["out", "write", 1_024], "throws RangeError: invalid value"],
      [["open", "x", "PWM", { pin: 13, hz: 0 }], "throws RangeError: invalid hz"],
      [["open", "x", "PWM", { pin: 12 }], 'throws Error: in use: task "driver" has pin 12 open'],
    ],
  ],
  [
    "embedded:io/serial: bytes and numbers, and a FIFO that is full",
    [
      [["open", "io", "Serial", { port: 1, baud: 9_600, transmit: 17, receive: 16 }], "opened"],
      [["io", "read"], "undefined"],
      [["io", "write", [1, 2, 3]], "undefined"],
      [
        ["io", "read", 2],
        [1, 2],
      ],
      [["io", "read"], [3]],
      [["io", "write", Array.from({ length: 129 }, () => 0)], "throws Error: output full"],
      [
        ["open", "x", "Serial", { port: 1, baud: 9_600, transmit: 2 }],
        'throws RangeError: port in use: task "driver" has port 1 open',
      ],
      [
        ["open", "x", "Serial", { port: 2, baud: 0, transmit: 2 }],
        "throws RangeError: invalid baud",
      ],
      [["open", "x", "Serial", { port: 2, baud: 9_600 }], "throws Error: invalid"],
      [["io", "close"], "undefined"],
      [
        [
          "open",
          "io",
          "Serial",
          { port: 1, baud: 9_600, transmit: 17, receive: 16, format: "number" },
        ],
        "opened",
      ],
      [["io", "write", 200], "undefined"],
      [["io", "read"], 200],
      [["io", "read"], "undefined"],
    ],
  ],
  [
    "pins/i2c and pins/smbus: any arguments, and undefined for no answer",
    [
      [["open", "io", "PinsI2C", { address: 0x50 }], "opened"],
      [["io", "write", 0, "AB", [7], false], "undefined"],
      [["io", "write", 0], "undefined"],
      [
        ["io", "read", 3],
        [65, 66, 7],
      ],
      [["io", "read", 41], "throws Error: 40 byte read limit"],
      [["open", "nobody", "PinsI2C", { address: 0x11, throw: false }], "opened"],
      [["nobody", "read", 1], "undefined"],
      [["nobody", "write", 1], "Error: write failed"],
      [["open", "again", "PinsI2C", { address: 0x50 }], "opened"],
      [["open", "sm", "PinsSMBus", { address: 0x48, sda: 21, scl: 22 }], "opened"],
      [["sm", "readWord", 1, true], 0x60a0],
      [["sm", "writeWord", 2, 0x1234, true], "undefined"],
      [["sm", "readByte", 2], 0x12],
      [
        ["sm", "readBlock", 2, 2],
        [0x12, 0x34],
      ],
    ],
  ],
  [
    "pins/digital, analog and pwm: nobody owns a pin",
    [
      [["open", "out", "PinsDigital", [26, 8]], "opened"],
      [["open", "same", "PinsDigital", { pin: 26, mode: 8 }], "opened"],
      [["out", "write", 1], "undefined"],
      [["out", "read"], 1],
      [["out", "mode", 0], "undefined"],
      [["out", "read"], 0],
      [["open", "x", "PinsDigital", { mode: 0 }], "throws Error: pin missing"],
      [["open", "in", "PinsAnalog", { pin: 7 }], "opened"],
      [["in", "read"], 512],
      [["open", "x", "PinsAnalog", { pin: 8 }], "throws RangeError: invalid analog channel number"],
      [["open", "duty", "PinsPWM", { pin: 12 }], "opened"],
      [["duty", "write", 1_023], "undefined"],
      [["duty", "write", 1_024], "throws RangeError: bad value"],
    ],
  ],
];

for (const [title, steps] of CASES) {
  test(title, async (t) => {
    const { system, lines } = await play(t, { driver: steps.map(([step]) => step) });
    await system.start();
    const results = (await lines.line(0)) as unknown[];
    steps.forEach(([step, wanted], i) => t.deepEqual(results[i], wanted, JSON.stringify(step)));
  });
}

test("a device's code that throws: it does not acknowledge, and the log says why", async (t) => {
  const steps = [
    ["open", "io", "I2C", OTHER],
    ["io", "write", [0xbb]],
  ];
  const { system, lines } = await play(t, { driver: steps });
  await system.start();
  await lines.line(1);
  const told = lines.all.filter((line) => typeof line === "string") as string[];
  t.deepEqual(lines.all.find(Array.isArray), ["opened", "throws Error: write failed"]);
  t.match(told[0] ?? "", /^hardware: i2c\.0x49: RangeError: the model is wrong\n.*board\.ts:\d+/);
});
