/**
 * The table of a task's life, written out: for each event the states that it changes, as
 * "state > next state: effects". A change to it is a change of what the supervisor promises.
 */
export const TABLE = `
start
  IDLE > ORDERED: renew forget
  HELD > ORDERED: renew forget
  LAUNCHING hold > LAUNCHING policy: forget
  LAUNCHING stop > LAUNCHING policy: forget
  LOADING hold > LOADING policy: forget
  LOADING stop > LOADING policy: forget
  ATTACHING hold > ATTACHING policy: forget
  ATTACHING stop > ATTACHING policy: forget
  RUNNING hold > RUNNING policy: forget
  RUNNING stop > RUNNING policy: forget
  LEAVING hold > LEAVING start: forget
  LEAVING stop > LEAVING start: renew forget
  DYING hold > DYING start: forget
  DYING stop > DYING start: renew forget
  STUCK hold > STUCK start: forget
  STUCK stop > STUCK start: renew forget
revive
  IDLE > ORDERED
  HELD > ORDERED
  LEAVING hold > LEAVING start
  LEAVING stop > LEAVING start
  DYING hold > DYING start
  DYING stop > DYING start
  STUCK hold > STUCK start
  STUCK stop > STUCK start
restart
  IDLE > ORDERED: forget
  HELD > ORDERED: forget
  ORDERED > ORDERED: forget
  BACKOFF > ORDERED: forget
  LAUNCHING policy > LEAVING start: forget leave
  LAUNCHING hold > LEAVING start: forget leave
  LAUNCHING stop > LEAVING start: forget leave
  LOADING policy > LEAVING start: forget leave
  LOADING hold > LEAVING start: forget leave
  LOADING stop > LEAVING start: forget leave
  ATTACHING policy > LEAVING start: forget leave
  ATTACHING hold > LEAVING start: forget leave
  ATTACHING stop > LEAVING start: forget leave
  RUNNING policy > LEAVING start: forget leave
  RUNNING hold > LEAVING start: forget leave
  RUNNING stop > LEAVING start: forget leave
  LEAVING start > LEAVING start: forget
  LEAVING hold > LEAVING start: forget
  LEAVING stop > LEAVING start: forget
  DYING policy > DYING start: forget
  DYING start > DYING start: forget
  DYING hold > DYING start: forget
  DYING stop > DYING start: forget
  STUCK start > STUCK start: forget
  STUCK hold > STUCK start: forget
  STUCK stop > STUCK start: forget
stop
  HELD > IDLE
  ORDERED > IDLE
  BACKOFF > IDLE
  LAUNCHING policy > LAUNCHING stop
  LAUNCHING hold > LAUNCHING stop
  LAUNCHING stop > LAUNCHING stop
  LOADING policy > LOADING stop
  LOADING hold > LOADING stop
  LOADING stop > LOADING stop
  ATTACHING policy > ATTACHING stop
  ATTACHING hold > ATTACHING stop
  ATTACHING stop > ATTACHING stop
  RUNNING policy > RUNNING stop
  RUNNING hold > RUNNING stop
  RUNNING stop > RUNNING stop
  LEAVING start > LEAVING stop
  LEAVING hold > LEAVING stop
  LEAVING stop > LEAVING stop
  DYING policy > DYING stop
  DYING start > DYING stop
  DYING hold > DYING stop
  DYING stop > DYING stop
  STUCK start > STUCK stop
  STUCK hold > STUCK stop
  STUCK stop > STUCK stop
kill
  LAUNCHING policy > DYING policy: end
  LAUNCHING hold > DYING hold: end
  LAUNCHING stop > DYING stop: end
  LOADING policy > DYING policy: end
  LOADING hold > DYING hold: end
  LOADING stop > DYING stop: end
  ATTACHING policy > DYING policy: end
  ATTACHING hold > DYING hold: end
  ATTACHING stop > DYING stop: end
  RUNNING policy > DYING policy: end
  RUNNING hold > DYING hold: end
  RUNNING stop > DYING stop: end
  LEAVING start > LEAVING start: end
  LEAVING hold > LEAVING hold: end
  LEAVING stop > LEAVING stop: end
  DYING policy > DYING policy: end
  DYING start > DYING start: end
  DYING hold > DYING hold: end
  DYING stop > DYING stop: end
  STUCK start > STUCK start: end
  STUCK hold > STUCK hold: end
  STUCK stop > STUCK stop: end
terminate
  LAUNCHING policy > DYING policy: leave
  LAUNCHING hold > DYING hold: leave
  LAUNCHING stop > DYING stop: leave
  LOADING policy > DYING policy: leave
  LOADING hold > DYING hold: leave
  LOADING stop > DYING stop: leave
  ATTACHING policy > DYING policy: leave
  ATTACHING hold > DYING hold: leave
  ATTACHING stop > DYING stop: leave
  RUNNING policy > DYING policy: leave
  RUNNING hold > DYING hold: leave
  RUNNING stop > DYING stop: leave
hold
  IDLE > HELD
  HELD > HELD
  ORDERED > HELD
  BACKOFF > HELD
  LAUNCHING policy > LAUNCHING hold
  LAUNCHING hold > LAUNCHING hold
  LOADING policy > LOADING hold
  LOADING hold > LOADING hold
  ATTACHING policy > ATTACHING hold
  ATTACHING hold > ATTACHING hold
  RUNNING policy > RUNNING hold
  RUNNING hold > RUNNING hold
  LEAVING start > LEAVING hold
  LEAVING hold > LEAVING hold
  DYING policy > DYING hold
  DYING start > DYING hold
  DYING hold > DYING hold
  STUCK start > STUCK hold
  STUCK hold > STUCK hold
release
  HELD > ORDERED: forget
  LAUNCHING hold > LAUNCHING policy: forget
  LOADING hold > LOADING policy: forget
  ATTACHING hold > ATTACHING policy: forget
  RUNNING hold > RUNNING policy: forget
  LEAVING hold > LEAVING start: forget
  DYING hold > DYING policy: forget
  STUCK hold > STUCK start: forget
due
  ORDERED > LAUNCHING policy: launch
  BACKOFF > LAUNCHING policy: launch
unneeded
  LAUNCHING stop > LEAVING stop: leave
  LOADING stop > LEAVING stop: leave
  ATTACHING stop > LEAVING stop: leave
  RUNNING stop > LEAVING stop: leave
gather
  ORDERED > ORDERED
  BACKOFF > ORDERED
  LAUNCHING policy > LEAVING start: leave
  LOADING policy > LEAVING start: leave
  ATTACHING policy > LEAVING start: leave
  RUNNING policy > LEAVING start: leave
  LEAVING start > LEAVING start
attached
  ATTACHING policy > RUNNING policy: tell-ready
  ATTACHING hold > RUNNING hold: tell-ready
  ATTACHING stop > RUNNING stop: tell-ready
late
  LOADING policy > DYING policy: end
  LOADING hold > DYING hold: end
  LOADING stop > DYING stop: end
  ATTACHING policy > DYING policy: end
  ATTACHING hold > DYING hold: end
  ATTACHING stop > DYING stop: end
started
  LAUNCHING policy > LOADING policy: tell-started
  LAUNCHING hold > LOADING hold: tell-started
  LAUNCHING stop > LOADING stop: tell-started
loaded
  LOADING policy > RUNNING policy: tell-ready
  LOADING hold > RUNNING hold: tell-ready
  LOADING stop > RUNNING stop: tell-ready
loaded, services to come
  LOADING policy > ATTACHING policy
  LOADING hold > ATTACHING hold
  LOADING stop > ATTACHING stop
died
  LOADING policy > BACKOFF: tell-died follow
  LOADING hold > HELD: tell-died
  LOADING stop > IDLE: tell-died
  ATTACHING policy > BACKOFF: tell-died follow
  ATTACHING hold > HELD: tell-died
  ATTACHING stop > IDLE: tell-died
  RUNNING policy > BACKOFF: tell-died follow
  RUNNING hold > HELD: tell-died
  RUNNING stop > IDLE: tell-died
  LEAVING start > ORDERED: tell-died
  LEAVING hold > HELD: tell-died
  LEAVING stop > IDLE: tell-died
  DYING policy > BACKOFF: tell-died follow
  DYING start > ORDERED: tell-died
  DYING hold > HELD: tell-died
  DYING stop > IDLE: tell-died
  STUCK start > ORDERED: tell-died
  STUCK hold > HELD: tell-died
  STUCK stop > IDLE: tell-died
died, for good
  LOADING policy > IDLE: tell-died
  LOADING hold > IDLE: tell-died
  LOADING stop > IDLE: tell-died
  ATTACHING policy > IDLE: tell-died
  ATTACHING hold > IDLE: tell-died
  ATTACHING stop > IDLE: tell-died
  RUNNING policy > IDLE: tell-died
  RUNNING hold > IDLE: tell-died
  RUNNING stop > IDLE: tell-died
  LEAVING start > ORDERED: tell-died
  LEAVING hold > HELD: tell-died
  LEAVING stop > IDLE: tell-died
  DYING policy > IDLE: tell-died
  DYING start > ORDERED: tell-died
  DYING hold > IDLE: tell-died
  DYING stop > IDLE: tell-died
  STUCK start > ORDERED: tell-died
  STUCK hold > HELD: tell-died
  STUCK stop > IDLE: tell-died
ended
  LOADING policy > IDLE: tell-ended
  LOADING hold > IDLE: tell-ended
  LOADING stop > IDLE: tell-ended
  ATTACHING policy > IDLE: tell-ended
  ATTACHING hold > IDLE: tell-ended
  ATTACHING stop > IDLE: tell-ended
  RUNNING policy > IDLE: tell-ended
  RUNNING hold > IDLE: tell-ended
  RUNNING stop > IDLE: tell-ended
  LEAVING start > ORDERED: tell-ended
  LEAVING hold > HELD: tell-ended
  LEAVING stop > IDLE: tell-ended
  DYING policy > IDLE: tell-died
  DYING start > ORDERED: tell-died
  DYING hold > IDLE: tell-died
  DYING stop > IDLE: tell-died
  STUCK start > ORDERED: tell-ended
  STUCK hold > HELD: tell-ended
  STUCK stop > IDLE: tell-ended
called off
  LAUNCHING policy > BACKOFF: tell-ended follow
  LAUNCHING hold > HELD: tell-ended
  LAUNCHING stop > IDLE: tell-ended
unending
  LEAVING start > STUCK start: tell-stuck
  LEAVING hold > STUCK hold: tell-stuck
  LEAVING stop > STUCK stop: tell-stuck
  DYING policy > STUCK policy: tell-stuck
  DYING start > STUCK start: tell-stuck
  DYING hold > STUCK hold: tell-stuck
  DYING stop > STUCK stop: tell-stuck
`;
