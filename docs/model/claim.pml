/*
 * Opening a term: who may write, and when (docs/protocol.md#lease, docs/protocol.md#opening, docs/protocol.md#recovery).
 * README.md says what is left out and why that is sound.
 *
 * Three openers fight for one partition through two transactional ids, the lanes. Spin walks through every order in which their
 * steps, the steps of Kafka's transaction coordinators, crashes, lost answers and stale reads can come, and checks two things:
 *
 *   P1                   once a winning claim is committed, nothing of a lower stamp is accepted after it;
 *   can write again      when the storm is over, the highest opener that still lives can open and write, unless the log holds
 *                        the claim or the records of a higher term.
 *
 * A guard is taken away with -D: NO_LOOK, NO_READ_BACK, SWAPPED_LANES, CLAIM_ENDS_WINDOW, LAST_STAMP, EPOCH_KEPT, EARLY_EPOCH
 * (ours), NO_MARKER_WAIT, NO_COORDINATOR_CHECK (Kafka's). P1_ONLY leaves out the second check.
 */

#ifndef TERM0
#define TERM0 1
#endif
#ifndef TERM1
#define TERM1 2
#endif
#ifndef TERM2
#define TERM2 3
#endif
/* How long the storm may last; each is a budget that all openers share. */
#ifndef RETRIES
#define RETRIES 1            /* attempts beyond the first one of each opener */
#endif
#ifndef WRITES
#define WRITES 2             /* records that owners send of their own accord */
#endif
#ifndef FAULTS
#define FAULTS 1             /* transactions that time out, late initTransactions of the dead, lost answers to a claim's commit */
#endif
#ifndef CRASHES
#define CRASHES 1            /* openers that stop, anywhere */
#endif

#define OPENERS 3
#define NOBODY  OPENERS
#define LOG     9            /* records that the log keeps; more is an error, not a cut */
#define EPOCHS  8            /* stamp = term * EPOCHS + epoch */
#define TERM(stamp) ((stamp) / EPOCHS)

#define A 0
#define B 1

#ifdef SWAPPED_LANES         /* by one opener of the three */
#define FIRST  (me == 1 -> B : A)
#define SECOND (me == 1 -> A : B)
#else
#define FIRST  A
#define SECOND B
#endif

/* ---- The partition: its records, in order. Those of aborted transactions are taken out, as nobody below reads them. ---- */

mtype = { claim, lease, data };     /* a snapshot counts as data */

typedef Record {
    mtype kind;
    unsigned by : 2;
    unsigned lane : 1;
    unsigned committed : 1;
    byte stamp
}

Record log[LOG];
byte length;

/* What the partition's leader knows of a lane: whose transaction it has seen records of, and (one bit each) whose epoch is not
   below that of the last marker. */
byte enlisted[2] = NOBODY;
byte unfenced[2];

/* ---- The coordinator of each lane: the owner of the current epoch, and the transaction. ---- */

mtype = { none, ongoing, prepareCommit, prepareAbort, committing, aborting };   /* the last two: the marker is written */

mtype txn[2] = none;
byte holder[2] = NOBODY;

/* ---- The openers. ---- */

mtype = { fighting, parked, opened, busy, expired, dead, served };

mtype fate[OPENERS] = fighting;
byte stamp[OPENERS];
bit won[OPENERS];            /* passed step 3 at least once */
bit readable[OPENERS];       /* the claim of the present attempt is in the committed view: all below it is decided */
bit last[OPENERS];           /* had its attempt after the storm */

byte retries = RETRIES;
byte writes = WRITES;
byte faults = FAULTS;
byte crashes = CRASHES;
bit calm;                    /* the storm is over */

/* ---- What is watched. ---- */

byte top;                    /* the highest stamp that won */
byte topOwner = NOBODY;
bit unjudged[OPENERS];       /* a claim of this opener is in the log, and its read-back is still to come */
bit overrun[OPENERS];        /* something lower was accepted behind that claim */

/* Scratch, never part of the state. */
hidden byte at;
hidden byte to;
hidden byte keep;
hidden byte floor;
hidden byte high;
hidden byte highBy;
hidden byte other;

/* What a trail is made of: `spin -t` prints nothing else. */
mtype = { finds_nothing_above_it, aborts_the_transaction_of, holds, enlists_the_partition_on, is_refused_on, prepares_the_commit_of,
    loses_the_answer_to_its_claim, wins_its_claim, begins_again, is_parked, finds_itself_expired, crashes_now, can_write_again };
#define EPOCH(stamp) ((stamp) % EPOCHS)
#define SAY(event) printf("opener %d (%d.%d) %e\n", me, TERM(stamp[me]), EPOCH(stamp[me]), event)
#define SAY_ON(lane, event) printf("opener %d (%d.%d) %e lane %c\n", me, TERM(stamp[me]), EPOCH(stamp[me]), event, 97 + lane)

#define BIT(opener) (1 << (opener))
#define OUT(opener) (fate[opener] == dead || fate[opener] == expired)
#define TURN(opener) (calm && (opener == 2 || (OUT(2) && (opener == 1 || OUT(1)))))
#define CRASH atomic { crashes > 0 -> crashes--; goto crashed }

/* A record reaches the partition and is accepted there. */
inline accept(opener, onLane, ofKind) {
    assert(length < LOG);
    log[length].kind = ofKind;
    log[length].by = opener;
    log[length].lane = onLane;
    log[length].committed = 0;
    log[length].stamp = stamp[opener];
    length++;
    enlisted[onLane] = opener;
    printf("opener %d (%d.%d) has a %e record accepted on lane %c\n",
        opener, TERM(stamp[opener]), EPOCH(stamp[opener]), ofKind, 97 + onLane);
    if
    :: ofKind == claim ->
        unjudged[opener] = 1;
        overrun[opener] = 0
    :: else ->
        /* P1, for a claim that is known to have won ... */
        assert(stamp[opener] > top || (stamp[opener] == top && opener == topOwner));
        /* ... and for one whose opener does not know it yet */
        for (other : 0 .. OPENERS - 1) {
            if
            :: other != opener && unjudged[other] && stamp[opener] <= stamp[other] -> overrun[other] = 1
            :: else
            fi
        }
    fi;
    other = 0
}

/* Sets `to` to the last stable offset: no open transaction has a record below it. */
inline lastStable() {
    to = length;
    for (at : 0 .. LOG - 1) {
        if
        :: at < to && !log[at].committed -> to = at
        :: else
        fi
    }
    at = 0
}

/* Sets `to` to where the last claim of an opener is, or to LOG. */
inline lastClaim(opener) {
    to = LOG;
    for (at : 0 .. LOG - 1) {
        if
        :: at < length && log[at].kind == claim && log[at].by == opener -> to = at
        :: else
        fi
    }
    at = 0
}

/* Takes out what no window can reach any more: everything below the last committed data record that is itself below every
   claim whose read-back is still to come, as long as all below it is decided. */
inline tidy() {
    keep = length;
    for (other : 0 .. OPENERS - 1) {
        lastClaim(other);
        if
        :: unjudged[other] && to < keep -> keep = to
        :: else
        fi
    }
    floor = 0;
    for (at : 0 .. LOG - 1) {
        if
        :: at < keep && !log[at].committed -> keep = at
        :: at < keep && log[at].committed && log[at].kind == data -> floor = at
        :: else
        fi
    }
    to = 0;
    for (at : 0 .. LOG - 1) {
        if
        :: at >= floor && at < length -> move(at, to); to++
        :: else
        fi
    }
    clearFrom(to)
}

inline move(source, target) {
    log[target].kind = log[source].kind;
    log[target].by = log[source].by;
    log[target].lane = log[source].lane;
    log[target].committed = log[source].committed;
    log[target].stamp = log[source].stamp
}

inline clearFrom(first) {
    length = first;
    for (at : 0 .. LOG - 1) {
        if
        :: at >= first ->
            log[at].kind = 0;
            log[at].by = 0;
            log[at].lane = 0;
            log[at].committed = 0;
            log[at].stamp = 0
        :: else
        fi
    }
    at = 0; to = 0; keep = 0; floor = 0; other = 0
}

/* The marker of a lane's transaction reaches the partition. Every epoch that was handed out before is refused there from now on,
   but that of the producer that committed: it is told the next one. */
inline mark(onLane, commits) {
    to = 0;
    for (at : 0 .. LOG - 1) {
        if
        :: at < length && (log[at].committed || log[at].lane != onLane) -> move(at, to); to++
        :: at < length && !log[at].committed && log[at].lane == onLane && commits ->
            move(at, to);
            log[to].committed = 1;
            to++
        :: else
        fi
    }
    clearFrom(to);
    enlisted[onLane] = NOBODY;
#ifdef NO_MARKER_WAIT
    unfenced[onLane] = unfenced[onLane] & BIT(holder[onLane]);
#else
    unfenced[onLane] = (commits -> unfenced[onLane] & BIT(holder[onLane]) : 0);
#endif
    lastStable();
    keep = to;
    for (other : 0 .. OPENERS - 1) {
        lastClaim(other);
        readable[other] = (unjudged[other] && to < keep)
    }
    tidy()
}

/* The attempt of an opener is over: its claim does not have to be judged any more. */
inline forget(opener) {
    unjudged[opener] = 0;
    readable[opener] = 0;
    overrun[opener] = 0;
    tidy()
}

/* The producers of an opener are closed. What Kafka knows of them makes no difference any more, so it is not told apart. */
inline release(opener) {
    forget(opener);
    for (other : A .. B) {
        unfenced[other] = unfenced[other] & (7 - BIT(opener));
        if
        :: holder[other] == opener -> holder[other] = NOBODY
        :: else
        fi;
        if
        :: enlisted[other] == opener -> enlisted[other] = NOBODY
        :: else
        fi
    }
    other = 0
}

#ifdef CLAIM_ENDS_WINDOW
#define ENDS_WINDOW(index) (log[index].kind != lease)
#else
#define ENDS_WINDOW(index) (log[index].kind == data)
#endif
#ifdef LAST_STAMP
#define COUNTS(index) (high == 0)
#else
#define COUNTS(index) (log[index].stamp > high)
#endif

/* The test of steps 0 and 3 on the window below `to`: sets `high` to its highest stamp, claims of the opener's own left out. */
inline window(opener) {
    high = 0;
    highBy = NOBODY;
    for (at : 1 .. LOG) {
        if
        :: LOG - at < to ->
            if
            :: !(log[LOG - at].kind == claim && log[LOG - at].by == opener) && COUNTS(LOG - at) ->
                high = log[LOG - at].stamp;
                highBy = log[LOG - at].by
            :: else
            fi;
            if
            :: ENDS_WINDOW(LOG - at) -> to = 0
            :: else
            fi
        :: else
        fi
    }
    at = 0; to = 0;
    if
    :: high >= stamp[opener] ->
        taken = 1;
        /* Only somebody else may stop an opener, and one that has won only somebody of a higher term. */
        assert(highBy != opener && (!won[opener] || TERM(high) > TERM(stamp[opener])));
    :: else -> taken = 0
    fi;
    high = 0;
    highBy = 0
}

/* ---- Kafka, as an opener sees it. Each goes on at `again` when the opener is told that it is fenced. ---- */

/* initTransactions: returns when no transaction of an earlier owner is left without its outcome on the partition. */
inline initialize(onLane) {
    do
    :: d_step { txn[onLane] == ongoing ->
        txn[onLane] = prepareAbort;
        holder[onLane] = NOBODY;
        SAY_ON(onLane, aborts_the_transaction_of) }
    :: atomic {
#ifdef NO_MARKER_WAIT
        txn[onLane] != ongoing && txn[onLane] != prepareCommit ->
#else
        txn[onLane] == none ->
#endif
        holder[onLane] = me;
        unfenced[onLane] = unfenced[onLane] | BIT(me);
        SAY_ON(onLane, holds);
        break
    }
    :: CRASH
    od
}

/* One record. The first one of a transaction is enlisted at the coordinator, later ones are between producer and partition. */
inline send(onLane, ofKind) {
    if
    :: enlisted[onLane] == me
    :: atomic { enlisted[onLane] != me && holder[onLane] == me && txn[onLane] == none ->
        txn[onLane] = ongoing;
        SAY_ON(onLane, enlists_the_partition_on) }
#ifdef NO_COORDINATOR_CHECK
    :: enlisted[onLane] != me && holder[onLane] != me
#else
    :: atomic { enlisted[onLane] != me && holder[onLane] != me -> SAY_ON(onLane, is_refused_on); goto again }
#endif
    :: CRASH
    fi;
    atomic {
        if
        :: unfenced[onLane] & BIT(me) -> d_step { accept(me, onLane, ofKind) }
        :: else -> SAY_ON(onLane, is_refused_on); goto again
        fi
    }
}

/* EndTxn: its answer comes before the marker is written. */
inline commit(onLane) {
    atomic {
        if
        :: holder[onLane] == me && txn[onLane] == ongoing ->
            txn[onLane] = prepareCommit;
            enlisted[onLane] = NOBODY;    /* the answer holds the next epoch, of which the partition knows nothing */
            SAY_ON(onLane, prepares_the_commit_of)
        :: else -> fate[me] = fighting; SAY_ON(onLane, is_refused_on); goto again
        fi
    }
}

/* The coordinator of a lane, and the partition's leader as far as it obeys the coordinator. */
proctype Coordinator(bit lane) {
end:
    do
    :: d_step { txn[lane] == prepareCommit -> mark(lane, true); txn[lane] = committing;
        printf("the commit marker of lane %c is written\n", 97 + lane) }
    :: d_step { txn[lane] == prepareAbort -> mark(lane, false); txn[lane] = aborting;
        printf("the abort marker of lane %c is written\n", 97 + lane) }
    :: d_step { txn[lane] == committing || txn[lane] == aborting -> txn[lane] = none }
    /* a transaction's timeout, or a late initTransactions that nobody waits for any more */
    :: d_step { faults > 0 && !calm && txn[lane] == ongoing ->
        faults--; txn[lane] = prepareAbort; holder[lane] = NOBODY;
        printf("the transaction of lane %c times out\n", 97 + lane) }
    :: d_step { faults > 0 && !calm && txn[lane] == none && holder[lane] != NOBODY ->
        faults--; holder[lane] = NOBODY;
        printf("a late initTransactions takes lane %c\n", 97 + lane) }
    od
}

/* ---- An opener: TermOpening and OpeningAttempt, then LeaseWriter, then docs/protocol.md#recovery: the same again in place. ---- */

proctype Opener(byte me) {
    byte view;           /* how much of the committed view the look sees */
    bit claimed;         /* this attempt passed step 3: its stamp is used up */
    bit taken;           /* the test's answer */
    bit lane;
    byte sent;           /* a bit for each lane whose open transaction holds records */
    mtype what;

attempt:
    skip;
#ifndef NO_LOOK
    /* Step 0. It may be served by a stale replica, so it sees any prefix of the committed view. */
    atomic {
        d_step { lastStable(); view = to; to = 0 }
        do
        :: view > 0 -> view--
        :: break
        od;
        skip;
        d_step { to = view; view = 0; window(me) }
        if
        :: taken -> goto refused
        :: else -> SAY(finds_nothing_above_it)
        fi
    }
#endif
    /* Step 1 */
    initialize(FIRST);
    initialize(SECOND);
    /* Step 2 */
    send(A, claim);
    commit(A);
    /* Step 3: the claim is visible in the committed view ... */
    if
    :: readable[me]
    :: atomic { faults > 0 && !calm -> faults--; SAY(loses_the_answer_to_its_claim); goto again }
    :: CRASH
    fi;
    /* ... and what is below it does not change any more. */
    atomic {
        d_step {
#ifndef NO_READ_BACK
            lastClaim(me);
            window(me);
#endif
            if
            :: taken
            :: else ->
                claimed = 1;
                won[me] = 1;
                SAY(wins_its_claim);
                assert(!overrun[me]);                                                          /* P1 */
                for (other : 0 .. OPENERS - 1) {
                    assert(other == me || !won[other] || TERM(stamp[other]) != TERM(stamp[me]))    /* one owner a term */
                }
                if
                :: stamp[me] > top -> top = stamp[me]; topOwner = me
                :: else
                fi
            fi;
            forget(me)
        }
        if
        :: taken -> goto refused
        :: else
        fi
    }
    /* Steps 4 and 5: copies and the snapshot behind them. */
    send(A, data);
    commit(A);
    /* Step 6 */
    fate[me] = opened;
end_opened:
    do
    :: atomic { writes > 0 && !calm ->
        writes--;
        fate[me] = busy;
        if
        :: lane = A
        :: lane = B
        fi;
        if
        :: what = lease
        :: what = data
        fi }
        send(lane, what);
        d_step { sent = sent | BIT(lane); lane = 0; what = 0; fate[me] = opened }
    :: atomic { !calm && (sent & BIT(A)) -> sent = sent & BIT(B); commit(A) }
    :: atomic { !calm && (sent & BIT(B)) -> sent = sent & BIT(A); commit(B) }
    :: TURN(me) ->
        send(A, data);
        send(B, data);
        atomic { fate[me] = served; SAY(can_write_again); goto out }
    :: CRASH
    od;

again:
    atomic {
        skip;
        d_step {
            release(me);
            if
#ifdef EARLY_EPOCH
            :: stamp[me]++
#elif defined EPOCH_KEPT
            :: skip
#else
            :: claimed -> stamp[me]++; assert(stamp[me] % EPOCHS > 0)
            :: else
#endif
            fi;
            lane = 0; what = 0; sent = 0; claimed = 0;
            fate[me] = fighting;
            SAY(begins_again);
            assert(!calm || !last[me]);                     /* nobody disturbs any more, so one attempt is enough */
            last[me] = calm
        }
        if
        :: calm -> goto attempt
        :: !calm && retries > 0 -> retries--; goto attempt
        :: !calm && retries == 0 -> fate[me] = parked; SAY(is_parked)
        fi
    }
end_parked:
    if
    :: atomic { TURN(me) -> last[me] = 1; fate[me] = fighting; goto attempt }
    :: CRASH
    fi;

refused:
    atomic { skip; d_step { release(me); fate[me] = expired; SAY(finds_itself_expired) }; goto out }
crashed:
    atomic { skip; d_step { release(me); fate[me] = dead; SAY(crashes_now) } }
out:
    atomic { skip; d_step { claimed = 0; taken = 0; lane = 0; what = 0; sent = 0;
        stamp[me] = TERM(stamp[me]) * EPOCHS } }
}

#define RESTS(opener) (OUT(opener) || fate[opener] == parked || fate[opener] == opened)
#define QUIET(lane)   (txn[lane] == none || txn[lane] == ongoing)

/* Ends the storm, at a moment at which nothing is under way, and judges what came of it. */
proctype Judge() {
    atomic { RESTS(0) && RESTS(1) && RESTS(2) && QUIET(A) && QUIET(B) -> calm = 1; retries = 0; writes = 0; faults = 0; crashes = 0;
        printf("the storm is over\n") }
    timeout;
    assert(fate[2] == served || OUT(2) && (fate[1] == served || OUT(1) && (fate[0] == served || OUT(0))))
}

init {
    atomic {
        stamp[0] = TERM0 * EPOCHS;
        stamp[1] = TERM1 * EPOCHS;
        stamp[2] = TERM2 * EPOCHS;
        run Coordinator(A);
        run Coordinator(B);
        run Opener(0);
        run Opener(1);
        run Opener(2);
#ifndef P1_ONLY
        run Judge()
#endif
    }
}
