/**
 * In the place of "embedded:io/i2c" where there are no drivers: in tests on XS. The sensor that it
 * leads to measures 21 °C.
 */
const CELSIUS = 21;

export default class I2C {
  write(_bytes: Uint8Array): void {}

  read(bytes: Uint8Array): void {
    bytes[0] = CELSIUS;
    bytes[1] = 0;
  }
}
