/**
 * How the kernel tells the HA cover that a connection is lost.
 */

/**
 * Added to EBADF and ESRCH when the kernel itself found the connection lost, so that the cover can
 * tell it from a server that answered with MsgError(rcvid, ESRCH). Results below -LOST never leave
 * the library.
 */
export const LOST = 0x1_0000;
