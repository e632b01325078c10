/*
 * A message: the transfer slot, the pending bits, the life of a channel, death, places that are given
 * on, and recovery with a ledger. Names as in src/kernel and src/arena; mapping.md says which part is which.
 *
 * One statement is one atomic operation of atomic.ts; what a task does alone before the operation that
 * publishes it is done together with that (d_step). A killed task stops between any two statements,
 * and its death is reported after that, by one VM or by two.
 *
 * A client waits on its slot here. That it looks again whenever there is news is sleep.pml.
 *
 * NC clients, NS servers, each with one channel; MESSAGES each client sends.
 * SERVER_DEATHS, CLIENT_DEATHS: so many in all. REPORTERS: VMs that report each death of a server.
 * TIMEOUTS: so many times, in all, a client's limit runs out, at any point of its wait.
 */
#ifndef NC
#define NC 2
#endif
#ifndef NS
#define NS 1
#endif
#ifndef MESSAGES
#define MESSAGES 1
#endif
#ifndef SERVER_DEATHS
#define SERVER_DEATHS 1
#endif
#ifndef CLIENT_DEATHS
#define CLIENT_DEATHS 0
#endif
#ifndef REPORTERS
#define REPORTERS 1
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 0
#endif

#if NC == 1
#define ALL_FINISHED (finished[0])
#elif NC == 2
#define ALL_FINISHED (finished[0] && finished[1])
#else
#define ALL_FINISHED (finished[0] && finished[1] && finished[2])
#endif

/* SLOT_STATE */
#define IDLE 0
#define SEND 1
#define REPLY 2
#define CLAIMED 3
#define DONE 4
#define GONE 5
/* TASK_LIFE and CHANNEL_LIFE: generation * 4 + one of these */
#define FREE 0
#define ALIVE 1
#define DEAD 2
#define DRAINED 3
#define NOBODY 255

#define IS_OUTSTANDING(x) (x == SEND || x == REPLY || x == CLAIMED)
#ifndef BUG_ANY_LIFE
#define IS_FOR(c, s, l) (slot[c].channel == s && slot[c].life == l)
#else
#define IS_FOR(c, s, l) (slot[c].channel == s)
#endif

/* The transfer slot of each client's place. state and seq are one word: read and compared together. */
typedef Slot {
  byte state;
  byte seq;
  byte channel;
  byte life;    /* SLOT_CHANNEL_LIFE */
  byte number;  /* of the message: stays the same over retransmissions */
  byte reply;   /* number that the reply answers */
  byte writers; /* servers inside a claim: never two (I3) */
}
Slot slot[NC];
byte taskLife[NC];

typedef Channel {
  byte life;
  byte pending; /* a bit a client */
  byte owner;   /* incarnation that has the record, 0 for free */
}
Channel channel[NS];

/* The ledger of a service: the last number that took effect for each client, and how many did. */
typedef Ledger {
  byte number[NC];
  byte effects[NC];
}
Ledger ledger[NS];

bool serverDead[NS];   /* killed, and not started again yet */
byte incarnation[NS];
bool clientDead[NC];
byte clientIncarnation[NC];
byte serverDeaths;
byte clientDeaths;
byte timeouts;
byte reports[NS];      /* reports of the last death that have ended */
bool finished[NC];     /* a client's program has ended */
byte sentTo[NC];       /* messages that were answered, by client */

inline cas(c, fromState, fromSeq, toState, won) {
  d_step {
    won = (slot[c].state == fromState && slot[c].seq == fromSeq);
    if
    :: won -> slot[c].state = toState
    :: else
    fi
  }
}

/* releasePlace(task) of claim.ts */
inline releasePlace(c) {
  rlife = taskLife[c];
  if
  :: (rlife % 4 == DEAD || rlife % 4 == DRAINED) ->
     do
     :: atomic { rstate = slot[c].state; rseq = slot[c].seq };
        if
#ifndef BUG_SLOW_RELEASE
        :: taskLife[c] != rlife -> rlife = 0; break
        :: taskLife[c] == rlife ->
#else
        :: true ->
#endif
           if
#ifndef BUG_FREE_CLAIMED
           :: rstate == CLAIMED -> rlife = 0; break
#else
           :: rstate == CLAIMED -> break
#endif
           :: rstate == SEND || rstate == REPLY ->
              cas(c, rstate, rseq, IDLE, rwon);
              if :: rwon -> break :: else fi
           :: else -> break
           fi
        fi
     od;
     if
     :: rlife % 4 == DRAINED ->
        d_step { if :: taskLife[c] == rlife -> taskLife[c] = (rlife / 4 + 1) * 4 + FREE :: else fi }
     :: else
     fi
  :: else
  fi
}

/* A client in a place. Its successor has the same slot, and goes on with its sequence. */
proctype Client(byte c; byte first; byte me) {
  byte s, conn, number, tries;
  bool won;
  {
    number = first;
    do
    :: number >= first + MESSAGES -> break
    :: else ->
       /* To any of the services, which has to be there: name_open, or a recovery function. */
       atomic {
         if
         :: channel[0].life % 4 == ALIVE -> s = 0
#if NS > 1
         :: channel[1].life % 4 == ALIVE -> s = 1
#endif
         fi;
         conn = channel[s].life
       };
resend: skip;
       /* publish() of send.ts */
#ifndef BUG_BIT_BEFORE_STATE
       d_step {
         slot[c].channel = s; slot[c].life = conn; slot[c].number = number;
         slot[c].seq++; slot[c].state = SEND
       }
       channel[s].pending = channel[s].pending | (1 << c);
#else
       channel[s].pending = channel[s].pending | (1 << c);
       d_step {
         slot[c].channel = s; slot[c].life = conn; slot[c].number = number;
         slot[c].seq++; slot[c].state = SEND
       }
#endif
#ifndef BUG_NO_SECOND_LOOK
       /* Either the death's scan sees the message, or this sees the life it has raised. */
       if
       :: channel[s].life != conn ->
          cas(c, SEND, slot[c].seq, IDLE, won);
          if :: won -> goto lost :: else fi
       :: channel[s].life == conn
       fi;
#endif
       /* awaitEnd(); a message that has been taken back is IDLE. */
wait:  if
       :: atomic { slot[c].state == DONE ->
            assert(slot[c].reply == number); /* I2: the answer is that of this message */
            sentTo[c]++ };
          number++; tries = 0
       :: slot[c].state == GONE -> goto lost
#if TIMEOUTS
       :: atomic { slot[c].state == SEND && timeouts < TIMEOUTS -> timeouts++ };
          cas(c, SEND, slot[c].seq, IDLE, won);
          if :: won -> number++; tries = 0 :: else -> goto wait fi
       :: atomic { slot[c].state == REPLY && timeouts < TIMEOUTS -> timeouts++ };
          cas(c, REPLY, slot[c].seq, IDLE, won);
          if :: won -> number++; tries = 0 :: else -> goto wait fi
#endif
       fi;
       goto next;
       /* recover() of src/ha: the same service again, under the same number. */
lost:  atomic { (channel[s].life % 4 == ALIVE && channel[s].life != conn) -> conn = channel[s].life };
       goto resend;
next:  skip
    od;
    finished[c] = true
  } unless { clientDead[c] || clientIncarnation[c] != me }
}

/* A server's incarnation: MsgReceive, the effect, MsgReply, for ever. */
proctype Server(byte s; byte me) {
  byte c, seq, number, mylife, rlife, rstate, rseq;
  bool won, rwon;
  {
    /* openChannel(): claim the record, sweep, then open. */
    atomic { channel[s].owner == 0 -> channel[s].owner = me };
    channel[s].pending = 0;
    d_step { mylife = channel[s].life / 4 * 4 + ALIVE; channel[s].life = mylife };
end_of_server:
    do
    :: atomic { channel[s].pending != 0 ->
         if
         :: channel[s].pending & 1 -> c = 0
#if NC > 1
         :: channel[s].pending & 2 -> c = 1
#endif
#if NC > 2
         :: channel[s].pending & 4 -> c = 2
#endif
         fi };
       /* takeMessage(): bit before state. */
#ifndef BUG_STATE_BEFORE_BIT
       channel[s].pending = channel[s].pending & ~(1 << c);
       atomic { rstate = slot[c].state; seq = slot[c].seq };
#else
       atomic { rstate = slot[c].state; seq = slot[c].seq };
       channel[s].pending = channel[s].pending & ~(1 << c);
#endif
       if
#ifndef BUG_NO_INCARNATION
       :: rstate == SEND && slot[c].channel == s && slot[c].life == mylife ->
#else
       :: rstate == SEND && slot[c].channel == s ->
#endif
          cas(c, SEND, seq, REPLY, won);
          if
          :: won ->
             assert(slot[c].life == mylife); /* I2: a message for the dead reaches no successor */
             number = slot[c].number;
             if
             :: slot[c].state == REPLY && slot[c].seq == seq ->
received:
                /* The second look has shown that the copy is whole. */
                /* Ledger: an effect is committed, with its number, before the answer goes out. */
#ifndef BUG_NO_LEDGER
                if
                :: ledger[s].number[c] != number + 1 ->
                   d_step { ledger[s].number[c] = number + 1; ledger[s].effects[c]++ }
                :: else
                fi;
#else
                ledger[s].effects[c]++;
#endif
                assert(ledger[s].effects[c] <= MESSAGES * (1 + CLIENT_DEATHS)); /* I5: once */
                /* answer(): claim, write, publish. */
#ifndef BUG_NO_CLAIM
                cas(c, REPLY, seq, CLAIMED, won);
#else
                won = (slot[c].state == REPLY && slot[c].seq == seq);
#endif
                if
                :: won ->
                   d_step {
                     assert(slot[c].writers == 0); /* I3: nobody else writes these buffers */
                     slot[c].writers++; slot[c].reply = number
                   };
#ifndef BUG_NO_CLAIM
                   assert(slot[c].state == CLAIMED && slot[c].seq == seq); /* I3 */
#endif
                   /* endClaim(): publish, then look at the client's life. */
                   d_step { slot[c].writers--; slot[c].state = DONE };
                   if
                   :: taskLife[c] % 4 != ALIVE -> releasePlace(c)
                   :: else
                   fi
                :: else
                fi
             :: else
             fi
          :: else
          fi
       :: else
       fi
    od
  } unless { serverDead[s] || incarnation[s] != me }
}

/* closeChannel() and endTransfers() of channel.ts, for the incarnation `me`. */
proctype Reporter(byte s; byte me) {
  byte life, c, rlife, rstate, rseq;
  bool won, rwon;
  atomic { life = channel[s].life };
  if
  :: channel[s].owner != me -> goto done
  :: channel[s].owner == me
  fi;
  if
  :: life % 4 == ALIVE ->
#ifndef BUG_SCAN_BEFORE_LIFE
     atomic { if :: channel[s].life == life -> channel[s].life = life + 1 :: else fi };
#endif
     life = life / 4 * 4 + DEAD
  :: else
  fi;
#ifndef BUG_SCAN_BEFORE_LIFE
  if :: channel[s].life != life -> goto free :: channel[s].life == life fi;
#endif
  c = 0;
  do
  :: c >= NC -> break
  :: else ->
     do
     :: atomic { rstate = slot[c].state; rseq = slot[c].seq };
        if
        :: IS_OUTSTANDING(rstate) && IS_FOR(c, s, life - 1) ->
           atomic {
             won = (slot[c].state == rstate && slot[c].seq == rseq);
             if
             :: won -> slot[c].state = GONE; slot[c].writers = 0
             :: else
             fi
           };
           if
           :: won ->
              if :: taskLife[c] % 4 != ALIVE -> releasePlace(c) :: else fi;
              break
           :: else
           fi
        :: else -> break
        fi
     od;
     c++
  od;
#ifdef BUG_SCAN_BEFORE_LIFE
  atomic { if :: channel[s].life == life - 1 -> channel[s].life = life :: else fi };
#endif
  atomic { if :: channel[s].life == life -> channel[s].life = (life / 4 + 1) * 4 :: else fi };
free: skip;
  atomic { if :: channel[s].owner == me -> channel[s].owner = 0 :: else fi };
done: skip;
  atomic { reports[s]++ }
}

/* What the main VM does about the death of a client: reportDeath, then a successor in its place. */
inline buryClient(c) {
  taskLife[c] = taskLife[c] / 4 * 4 + DEAD;
  releasePlace(c);
  d_step { taskLife[c] = taskLife[c] / 4 * 4 + DRAINED };
  releasePlace(c);
  /* claimTask(): the place is free now, or when the server's claim has ended. */
  (taskLife[c] % 4 == FREE);
  atomic {
    taskLife[c] = taskLife[c] / 4 * 4 + ALIVE;
    clientDead[c] = false;
    clientIncarnation[c]++;
    run Client(c, MESSAGES, clientIncarnation[c])
  }
}

/* The world kills, the main VM buries and starts again. */
proctype Main() {
  byte c, rlife, rstate, rseq;
  bool rwon;
  do
#if SERVER_DEATHS
  :: atomic { serverDeaths < SERVER_DEATHS && !serverDead[0] && channel[0].owner == incarnation[0] ->
       serverDeaths++; serverDead[0] = true; reports[0] = 0;
       run Reporter(0, incarnation[0]);
#if REPORTERS > 1
       run Reporter(0, incarnation[0]);
#endif
     };
     /* One report is enough to start the successor; the other may be slow. */
     atomic { reports[0] > 0 ->
       incarnation[0]++; serverDead[0] = false; run Server(0, incarnation[0]) }
#if NS > 1
  :: atomic { serverDeaths < SERVER_DEATHS && !serverDead[1] && channel[1].owner == incarnation[1] ->
       serverDeaths++; serverDead[1] = true; reports[1] = 0;
       run Reporter(1, incarnation[1])
     };
     atomic { reports[1] > 0 ->
       incarnation[1]++; serverDead[1] = false; run Server(1, incarnation[1]) }
#endif
#endif
#if CLIENT_DEATHS
  :: atomic { clientDeaths < CLIENT_DEATHS && !finished[0] ->
       clientDeaths++; clientDead[0] = true; c = 0 };
     buryClient(c)
#endif
  :: ALL_FINISHED -> break
  od;
#if !TIMEOUTS && !CLIENT_DEATHS
  assert(sentTo[0] == MESSAGES); /* I5: no message is lost */
#endif
}

init {
  byte i;
  atomic {
    i = 0;
    do :: i < NC -> taskLife[i] = ALIVE; i++ :: else -> break od;
    i = 0;
    do :: i < NS -> incarnation[i] = 1; run Server(i, 1); i++ :: else -> break od;
    i = 0;
    do :: i < NC -> run Client(i, 0, 0); i++ :: else -> break od;
    run Main()
  }
}

/* I1: every call ends: all clients come to their ends, whoever dies. */
ltl I1 { <> ALL_FINISHED }
