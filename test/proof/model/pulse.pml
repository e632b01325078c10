/*
 * Pulses: the cells of a channel, tickets, and a channel that closes and is opened again. Names as in
 * src/kernel/pulse/pulse.ts, ticket.ts and channel.ts.
 *
 * SENDERS send one pulse each to the first incarnation of the channel, which is closed at any time and
 * opened again by another server. A pulse must never reach that other server (I2), and no cell stays
 * behind (I4). A sender may be killed, and its death frees what it had claimed.
 */
#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef CELLS
#define CELLS 2
#endif
#define FREE 0
#define TOLD 50  /* pid of a claimant + TOLD: its claim has come to nothing */
#define FULL 100 /* FULL + ticket; below it: the pid of a claimant */

byte cell[CELLS];
byte value[CELLS]; /* incarnation that the pulse was meant for */
byte ticket;
byte life = 1;     /* odd: open; even: closed */
bool hint;         /* NOTICE_PULSE */
byte taken;
byte accepted;
bool dead[SENDERS];
byte over;

/* pulseThrough() */
proctype Sender(byte me) {
  byte i, mine, at;
  bool won;
  {
    if :: life != 1 -> goto gone :: life == 1 fi;
    atomic { mine = ticket; ticket++ };
    i = 0;
    won = false;
    do
    :: i == CELLS -> break
    :: i < CELLS ->
#ifndef BUG_CLAIM_BY_STORE
       atomic { if :: cell[i] == FREE -> cell[i] = me + 1; won = true; at = i :: else fi };
#else
       if :: cell[i] == FREE -> cell[i] = me + 1; won = true; at = i :: else fi;
#endif
       if :: won -> break :: else -> i++ fi
    od;
    if
    :: !won -> goto gone
    :: won
    fi;
#ifndef BUG_LIFE_BEFORE_CLAIM
    if
    :: life != 1 -> cell[at] = FREE; goto gone
    :: life == 1
    fi;
#endif
    value[at] = 1;
    assert(cell[at] == me + 1 || cell[at] == me + 1 + TOLD); /* I3: nobody else writes this cell */
#ifndef BUG_PUBLISH_BY_STORE
    atomic { won = (cell[at] == me + 1); if :: won -> cell[at] = FULL + mine :: else fi };
#else
    cell[at] = FULL + mine;
#endif
    if :: !won -> cell[at] = FREE; goto gone :: won fi;
    hint = true;
#ifndef BUG_NO_SECOND_LOOK
    if
    :: life != 1 -> atomic { if :: cell[at] == FULL + mine -> cell[at] = FREE :: else fi }
    :: life == 1
    fi;
#endif
gone: skip
  } unless { dead[me] };
  if
  :: dead[me] ->
     /* dropPulseClaims() */
     i = 0;
     do
     :: i == CELLS -> break
     :: i < CELLS ->
#ifndef BUG_KEEP_CLAIMS
        atomic { if :: cell[i] == me + 1 -> cell[i] = FREE :: else fi };
       atomic { if :: cell[i] == me + 1 + TOLD -> cell[i] = FREE :: else fi };
#endif
        i++
     od
  :: else
  fi;
  over++
}

/* closeChannel(), openChannel(), then the successor's receive. */
proctype Successor() {
  byte i, state;
  life = 2;
  /* sweepPulses() of the closing side is left out: the opener has to do without it. */
  hint = false;
  /* disownClaims() */
  i = 0;
  do
  :: i == CELLS -> break
  :: i < CELLS ->
     state = cell[i];
     if
     :: state == FREE || (state > TOLD && state < FULL) -> i++
     :: state >= FULL ->
        atomic { if :: cell[i] == state -> cell[i] = FREE; i++ :: else fi }
     :: state > FREE && state < TOLD ->
#ifndef BUG_KEEP_OLD_CLAIMS
        atomic { if :: cell[i] == state -> cell[i] = state + TOLD; i++ :: else fi }
#else
        i++
#endif
     fi
  od;
  life = 3;
  /* bestPulse() of the successor, again and again, until all senders have come to their ends. */
  do
  :: over == SENDERS -> break
  :: hint ->
     hint = false;
     i = 0;
     do
     :: i == CELLS -> break
     :: i < CELLS ->
        state = cell[i];
        if
        :: state >= FULL ->
           assert(value[i] != 1); /* I2: what was meant for the dead reaches no successor */
           cell[i] = FREE
        :: else
        fi;
        i++
     od
  od;
  /* I4: what is left is full and hinted at, or free: no cell is lost. */
  i = 0;
  do
  :: i == CELLS -> break
  :: i < CELLS -> assert(cell[i] == FREE || cell[i] >= FULL); i++
  od
}

proctype Killer() {
  if
  :: dead[0] = true
  :: skip
  fi
}

init {
  byte i;
  atomic {
    do :: i < SENDERS -> run Sender(i); i++ :: else -> break od;
    run Successor();
    run Killer()
  }
}
