/**
 * What Moddable's own manifests have for an ESP32, for computers without the SDK: those that nearly
 * every application includes, and the one that reattach/net/manifest.json does. `npm run test:sdk`
 * compares this with the SDK.
 */

/** How paths into the SDK begin. */
export const SDK = "$(MODDABLE)";

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "examples/io/tcp/mqttclient/manifest_mqttclient.json": [
    "Resource",
    "commodetto/Bitmap",
    "dns",
    "dns/parser",
    "dns/serializer",
    "embedded:implementation/i2csync",
    "embedded:implementation/smbussync",
    "embedded:io/analog",
    "embedded:io/digital",
    "embedded:io/digitalbank",
    "embedded:io/i2c",
    "embedded:io/pulsecount",
    "embedded:io/pulsewidth",
    "embedded:io/pwm",
    "embedded:io/serial",
    "embedded:io/smbus",
    "embedded:io/socket/listener",
    "embedded:io/socket/tcp",
    "embedded:io/socket/udp",
    "embedded:io/spi",
    "embedded:network/dns/resolver/udp",
    "embedded:network/interface/wifi",
    "embedded:network/mqtt/client",
    "embedded:provider/builtin",
    "mqttclient/config",
    "net",
    "preference",
    "setup/network",
    "sntp",
    "socket",
    "system",
    "time",
    "timer",
  ],
  "examples/manifest_base.json": ["Resource", "preference", "time", "timer"],
  "examples/manifest_typings.json": [],
  "modules/base/worker/manifest.json": ["worker"],
  "modules/files/preference/manifest.json": ["preference"],
  "modules/files/resource/manifest.json": ["Resource"],
};

/** Of these, the one that has the memory of the main VM, without which mcconfig builds nothing. */
const WITH_CREATION = "examples/manifest_base.json";

/** May a manifest in the SDK have a "creation"? */
export function mayHaveCreation(path: string): boolean {
  return modulesOf(path) === undefined || path === `${SDK}/${WITH_CREATION}`;
}

/** Paths of the manifests that are known, from the folder of the SDK. */
export const KNOWN_MANIFESTS: readonly string[] = Object.keys(KNOWN);

/** The modules of a manifest in the SDK, `$(MODDABLE)/…`; undefined when nothing is known of it. */
export function modulesOf(path: string): readonly string[] | undefined {
  const prefix = `${SDK}/`;
  return path.startsWith(prefix) ? KNOWN[path.slice(prefix.length)] : undefined;
}
