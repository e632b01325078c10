/*
 * A call to a service of another board: numbers, attempts, lives, and what is kept of an answer. Names
 * as in src/net.
 *
 * The network keeps every frame that was ever sent, and delivers any of them at any time, once more,
 * or never: loss, delay, other orders and repetition in one. The client's board may take the service
 * for dead while it lives, the service may die at any step, and the client's board may boot anew.
 */
#ifndef MESSAGES
#define MESSAGES 2
#endif
#ifndef DEATHS
#define DEATHS 1        /* of the service */
#endif
#ifndef DOUBTS
#define DOUBTS 1        /* the service lives, and the client's board thinks that it is gone */
#endif
#ifndef GIVE_UPS
#define GIVE_UPS 0      /* time limits of the client that are over */
#endif
#ifndef BOOTS
#define BOOTS 0         /* of the client's board */
#endif
#ifndef RELEASES
#define RELEASES 0      /* its agent is given to another client */
#endif
#define LIVES (DEATHS + 1)
#define SESSIONS (BOOTS + 1)
#define ATTEMPTS (DEATHS + DOUBTS + 2)
#define SERIALS 8
#define NONE 0

/* Frames that were sent, by what is in them; numbers and lives begin with 1. */
#define IN_SESSION(n, s) ((s) * (MESSAGES + 1) + (n))
#define CALL(n, s, a, l) ((IN_SESSION(n, s) * ATTEMPTS + (a)) * (LIVES + 1) + (l))
bool call[CALL(MESSAGES, SESSIONS, 0, 0)];
bool reply[IN_SESSION(0, SESSIONS)];
bool lost[IN_SESSION(0, SESSIONS)];

/* The service: its life, its name, and how often it has done what a call asks for. */
byte life = 1;
byte deaths;
byte effects[IN_SESSION(0, SESSIONS)];
bool ledger[SERIALS];

/* The slot of the client's agent. */
mtype = { FREE, SENT, TAKEN, ANSWERED, LOST_UNSEEN, LOST_SEEN };
mtype slot = FREE;
byte serial;  /* of its last message, as the kernel counts */
byte first;   /* SLOT_FIRST: the first that a server may have seen; 0: none */
byte content; /* what it is about: IN_SESSION() */

/* The visitor. */
mtype = { IDLE, RUNNING, DONE, GONE };
mtype state = IDLE;
byte number = NONE;
byte attempt;
byte itsLife;
byte remembered; /* the last number of a client whose agent was given away */
byte session;    /* of the client's board, as the server's board knows it */

byte boots;
byte releases;

/* open(), a call, recovery, and imports.ts: its gateway adds nothing that could be late. */
proctype Client() {
  byte n = 1;
  byte a, l, doubts, limits, mine;
  do
  :: n > MESSAGES -> break
  :: n <= MESSAGES && a < ATTEMPTS ->
     /* What a status says may be old: any life so far. */
     l = 1;
     do :: l < life -> l++ :: break od;
     call[CALL(n, mine, a, l)] = true;
     if
     :: atomic {
          reply[IN_SESSION(n, mine)] ->
          assert(effects[IN_SESSION(n, mine)] == 1); /* answered: done, and once */
          n++; a = 0
        }
     :: lost[IN_SESSION(n, mine)] -> a++
     :: l < life -> a++                         /* a status: another life of the service */
     :: doubts < DOUBTS -> doubts++; a++        /* silence, or the broker was gone for too long */
     :: limits < GIVE_UPS -> limits++; n++; a = 0
     :: boots < BOOTS ->
        atomic { boots++; mine = boots; n = 1; a = 0 }
     fi
  :: else -> break /* more attempts than the model counts */
  od
}

/* gateway.ts frame(), exports.ts #call(), visitor.ts */
proctype Gateway() {
  byte n, s, a, l;
  bool isRetry;
end:
  do
  :: atomic {
       /* Any frame, at any time. */
       n = 1; s = 0; a = 0; l = 1;
       do :: n < MESSAGES -> n++ :: break od;
       do :: s < boots -> s++ :: break od;
       do :: a < ATTEMPTS - 1 -> a++ :: break od;
       do :: l < LIVES -> l++ :: break od;
       if :: !call[CALL(n, s, a, l)] -> goto next :: else fi;
#ifndef BUG_ANY_SESSION
       if :: s != session -> goto next :: else fi;
#endif
#ifndef BUG_FORGET
       if :: number == NONE && n <= remembered -> goto next :: else fi;
#endif
       if :: n < number -> goto next :: else fi;
       if
       :: n == number ->
#ifndef BUG_ANY_ATTEMPT
          isRetry = state == GONE && (a > attempt || l != itsLife);
#else
          isRetry = state != RUNNING;
#endif
          if
          :: !isRetry ->
             if
             :: state == DONE -> reply[IN_SESSION(number, session)] = true
             :: state == GONE -> lost[IN_SESSION(number, session)] = true
             :: else
             fi;
             goto next
          :: else
          fi
       :: else ->
          /* begin(): a message that is still under way is taken back. */
          slot = FREE;
          first = 0
       fi;
       number = n; attempt = a; itsLife = l;
       if
       :: l == life && deaths < life && serial < SERIALS - 1 ->
          serial++;
          content = IN_SESSION(n, s);
          slot = SENT;
          state = RUNNING
       :: l != life || deaths == life -> state = GONE; lost[IN_SESSION(n, session)] = true
       :: else -> goto next
       fi;
next:  skip
     }
  /* look() */
  :: atomic {
       state == RUNNING && slot == ANSWERED ->
       slot = FREE; first = 0; state = DONE; reply[IN_SESSION(number, session)] = true
     }
  :: atomic {
       state == RUNNING && slot == LOST_UNSEEN ->
       slot = FREE; state = GONE; lost[IN_SESSION(number, session)] = true
     }
  :: atomic {
       state == RUNNING && slot == LOST_SEEN ->
#ifndef BUG_NO_FIRST
       if :: first == 0 -> first = serial :: else fi;
#endif
       slot = FREE; state = GONE; lost[IN_SESSION(number, session)] = true
     }
  /* A status of the client's board, of another life of it: forget(). */
  :: atomic {
       session < boots ->
       session = boots; number = NONE; remembered = NONE; state = IDLE; slot = FREE; first = 0
     }
  /* #admit() of another client: the place of one that is quiet. */
  :: atomic {
#ifndef BUG_RELEASE_OWED
       releases < RELEASES && number != NONE && (state == DONE || (state == GONE && first == 0)) ->
#else
       releases < RELEASES && number != NONE && (state == DONE || state == GONE) ->
#endif
       releases++;
       remembered = (state == GONE -> number - 1 : number);
       number = NONE; state = IDLE; first = 0
     }
  od
}

/* The service, all its lives, with a Ledger. */
proctype Server() {
  byte key, what, mine;
end:
  do
  :: atomic { slot == SENT -> slot = TAKEN; mine = serial; what = content; key = (first != 0 -> first : serial) };
     if
     :: atomic { /* the effect and its commit are one */
          if :: !ledger[key] -> effects[what]++; assert(effects[what] == 1) :: else fi;
#ifndef BUG_NO_LEDGER
          ledger[key] = true
#endif
        };
        if
        :: atomic {
             if
             :: slot == TAKEN && serial == mine -> assert(content == what); slot = ANSWERED
             :: else /* its client has given up */
             fi
           }
        :: atomic { deaths < DEATHS -> deaths++; goto dead }
        fi
     :: atomic { deaths < DEATHS -> deaths++; goto dead }
     fi;
     mine = 0
  :: atomic { deaths < DEATHS -> deaths++; goto dead };
dead:
     atomic {
       if
       :: slot == TAKEN -> slot = LOST_SEEN
       :: slot == SENT -> slot = LOST_UNSEEN
       :: else
       fi
     };
     mine = 0;
     life = deaths + 1 /* the successor attaches the name */
  od
}

init { atomic { run Client(); run Gateway(); run Server() } }
