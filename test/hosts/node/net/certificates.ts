/**
 * Certificates for a broker on this machine, made by openssl: of an authority, of one that it has
 * signed, and of a server that this one has signed.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files, in PEM. */
export interface Certificates {
  /** Of the authority: what clients have to trust. */
  readonly ca: string;
  /** Of the server, and of who has signed it. */
  readonly chain: string;
  readonly key: string;
}

const AUTHORITY = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
const SERVER = [
  "basicConstraints=critical,CA:FALSE",
  "extendedKeyUsage=serverAuth",
  "subjectAltName=IP:127.0.0.1,DNS:localhost",
];

const REQUEST = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";

/** Makes a certificate and its key in a folder, signed by another one there, or by itself. */
function make(folder: string, name: string, extensions: readonly string[], by?: string): void {
  const file = (ending: string): string => join(folder, ending);
  const signer = by === undefined ? [] : ["-CA", file(`${by}.pem`), "-CAkey", file(`${by}.key`)];
  execFileSync(
    "openssl",
    [
      ...REQUEST.split(" "),
      "-subj",
      `/CN=Reattach test ${name}`,
      ...signer,
      ...extensions.flatMap((extension) => ["-addext", extension]),
      "-keyout",
      file(`${name}.key`),
      "-out",
      file(`${name}.pem`),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
}

/** Makes all of them in a folder that is there. */
export function makeCertificates(folder: string): Certificates {
  make(folder, "authority", AUTHORITY);
  make(folder, "between", AUTHORITY, "authority");
  make(folder, "server", SERVER, "between");
  const chain = join(folder, "chain.pem");
  const parts = ["server.pem", "between.pem"].map((name) => readFileSync(join(folder, name)));
  writeFileSync(chain, Buffer.concat(parts));
  return { ca: join(folder, "authority.pem"), chain, key: join(folder, "server.key") };
}
