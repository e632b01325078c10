/*
 * The doorbell: how a task sleeps over news and is woken, where wake-ups get lost and sleepers wake
 * for nothing. Names as in src/kernel/task/doorbell.ts.
 *
 * A sleeper waits for NEWS pieces of news, which RINGERS wakers bring, each one after the other. As on
 * XS 8.2.3, Atomics.wait compares the doorbell first and queues the sleeper later; a notify between
 * the two wakes nobody. A waker notifies again, RENOTIFY times. The slice ends a sleep that nobody
 * ends: without it (BUG_NO_SLICE) a wake-up that was lost is lost for good, and so is one that a
 * waker never gave (MUTE). Whether a timer of the sleeper ends it or a thread of the host, which
 * takes the sleeper out of the queue and changes nothing else (hosts/node/host/slices.ts), is the
 * same here.
 */
#ifndef RINGERS
#define RINGERS 2
#endif
#ifndef RENOTIFY
#define RENOTIFY 1
#endif
#ifndef NEWS
#define NEWS 2
#endif
#ifndef SPURIOUS
#define SPURIOUS 1
#endif

byte bell;      /* TASK_BELL */
byte sleep;     /* TASK_SLEEP: the number of the sleep, while it is announced */
byte woken;     /* TASK_WOKEN */
bool queued;    /* in the engine's queue */
bool poisoned;  /* TASK_POISON */
byte news;      /* what the task looks for */
byte taken;
byte spurious;
bool finished;

/* ring() of doorbell.ts */
proctype Waker() {
  byte i, at, again;
  bool met;
more:
  do
  :: i == NEWS -> break
  :: i < NEWS ->
     /* Publish, then ring. */
#ifndef BUG_RING_FIRST
     news++;
#endif
#ifdef MUTE
     /* It throws here, as it has run out of stack, and goes on. */
     if
     :: i++; goto more
     :: skip
     fi;
#endif
#ifndef BUG_NO_BELL
     bell++;
#endif
     at = sleep;
     if
     :: at == 0
     :: at != 0 ->
        again = 0;
        do
        :: atomic { met = queued; queued = false };
           if
           :: met -> woken = at; break
           :: !met && again == RENOTIFY -> break
           :: !met && again < RENOTIFY ->
              again++;
              if
              :: woken == at -> break
              :: sleep != at -> break
              :: else
              fi
           fi
        od
     fi;
#ifdef BUG_RING_FIRST
     news++;
#endif
     i++
  od
}

/* The loop of a receive, or of a send that waits: awaitBell() of doorbell.ts. */
proctype Sleeper() {
  byte seen, number;
  do
  :: taken == RINGERS * NEWS -> break
  :: else ->
#ifndef BUG_LOOK_FIRST
     seen = bell;
     if
     :: news > 0 -> news--; taken++
     :: news == 0 ->
#else
     if
     :: news > 0 -> news--; taken++
     :: news == 0 ->
        seen = bell;
#endif
        number++;
        sleep = number;
#ifdef EXACT
        /* Where comparing and queueing are one. */
        if
        :: atomic { bell == seen -> queued = true }
#else
        if
        :: bell == seen -> queued = true
#endif
           if
           :: !queued
           :: atomic { queued && spurious < SPURIOUS -> spurious++; queued = false }
#ifndef BUG_NO_SLICE
           /* The slice is over. Only when nothing else can happen: it is the backstop. */
           :: timeout -> queued = false
#endif
           fi
        :: bell != seen
        fi;
        sleep = 0
     fi
  od;
  finished = true
}

init {
  byte i;
  atomic {
    run Sleeper();
    do :: i < RINGERS -> run Waker(); i++ :: else -> break od
  }
}

/* I1: all news are taken, and the sleeper comes to its end. */
ltl I1 { <> finished }
