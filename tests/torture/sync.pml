/* The continuous sync as a state machine, for spin (https://spinroot.com): a run trains and saves, a
 * thread pushes (src/staging/transfer/watch.c), the run is killed, with its disk or without, and the
 * next one goes on (src/job/staged_run.c, src/checkpoint/retention.c). A file is a number: a log is its
 * count of lines, a checkpoint the step that it was saved at; 0: no such file.
 *
 * What holds in every state is told by the assertions. tests/torture/model.sh checks them, and that
 * spin notices each of these faults:
 *   LOGS_LAST    a checkpoint is pushed before the log
 *   LOGS_SKIPPED a log that could not be pushed does not hold the checkpoint back
 *   ANY_VERSION  the checkpoint is opened after the log was read, whichever has the name by then
 *   SEEN_ONCE    a checkpoint is pushed after the first scan that sees it
 *   UNLINKED     the old checkpoint is removed before the new one has its name
 *   FORGETFUL    the folder is removed although not all was pushed
 *   EARLY_END    the flush ends by what was seen before it began */

#ifndef STEPS
#define STEPS 4
#endif
#ifndef KILLS
#define KILLS 2
#endif
#ifndef FAULTS
#define FAULTS 2
#endif

byte log, out, earlier; /* on the disk; checkpoint.keep_last is 2 */
byte store_log, store_out;
byte committed; /* the last checkpoint that was saved, and whose disk was not lost */
byte acknowledged; /* the last checkpoint that the store took */
bool killed, finishing, trained, flushed, pushed_all, removed;
byte kills, faults;

#define NEWEST (out -> out : earlier)

/* ---- The run ---- */

inline save()
{
  if
  :: out && out != log -> earlier = out /* link(2) */
  :: else
  fi;
#ifdef UNLINKED
  out = 0;
  earlier = 0;
#endif
  atomic {
    out = log; /* rename(2) */
    committed = log
  }
}

proctype train()
{
  {
    do
    :: log < STEPS ->
         log++; /* flushed before anything else */
         if
         :: save()
         :: skip
         fi
    :: log > out -> save(); break /* its end, or a signal */
    :: log == out && log > 0 -> break
    od;
    finishing = true;
    flushed; /* waits for the thread */
    if
#ifdef FORGETFUL
    :: true ->
#else
    :: pushed_all ->
#endif
         atomic { log = 0; out = 0; earlier = 0; removed = true }
    :: else
    fi;
    assert(NEWEST == committed || store_out == committed);
    trained = true
  } unless { killed }
}

/* ---- The thread ---- */

/* A listing is not one moment: it may see the log, or miss it, if it appears meanwhile. */
inline see_log() { if :: log -> log_listed = true :: else fi }
inline see_out()
{
  seen = out;
  if
  :: seen && !listings -> listings = 1
  :: else
  fi
}
inline scan()
{
  if
  :: listings == 1 -> listings = 2
  :: else
  fi;
  if
  :: see_log(); see_out()
  :: see_out(); see_log()
  fi
}

inline put(to, what, done)
{
  if
  :: faults < FAULTS -> faults++; done = false
  :: atomic { to = what; done = true }
  fi
}

inline push_log()
{
  ok = true;
  if
  :: log_listed && log != log_pushed ->
       put(store_log, log, ok);
       if
       :: ok -> log_pushed = store_log
       :: else
       fi
  :: else
  fi
}

inline push_out()
{
#ifdef ANY_VERSION
  push_log();
  seen = out;
#endif
  opened = out;
  if
  :: opened != seen /* another one has the name: it comes next */
  :: else ->
#if !defined(LOGS_LAST) && !defined(ANY_VERSION)
       push_log();
#endif
#ifdef LOGS_SKIPPED
       ok = true;
#endif
       if
       :: ok ->
            put(store_out, opened, ok);
            if
            :: ok -> atomic {
                 assert(opened >= acknowledged); /* the store never goes back */
                 acknowledged = opened; pushed = opened
               }
            :: else
            fi
       :: else
       fi
#ifdef LOGS_LAST
       ; push_log()
#endif
  fi
}

#ifdef SEEN_ONCE
#define LISTED (listings > 0)
#else
#define LISTED (listings > 1)
#endif

proctype push()
{
  byte seen, opened, listings, pushed = store_out, log_pushed = store_log;
  bool log_listed, ok, last;
  {
    do
    :: last = finishing;
       scan();
#ifdef EARLY_END
       last = finishing;
#endif
       if
       :: seen != pushed && LISTED -> push_out()
       :: seen != pushed && !LISTED /* looks again */
       :: seen == pushed && last && log != log_pushed -> push_log()
       :: seen == pushed && last && log == log_pushed -> pushed_all = true; break
       :: seen == pushed && !last ->
            assert(store_out == seen); /* at rest the store has what there is */
            (finishing || out != seen)
       :: last && faults == FAULTS -> break /* its time is over */
       fi
    od;
    flushed = true
  } unless { killed }
}

/* ---- What goes wrong, and the next run ---- */

inline resume()
{
  if
  :: !removed -> /* on the same disk */
       assert(NEWEST == committed); /* kill -9 loses nothing */
       out = NEWEST
  :: true -> /* on another one */
       assert(store_log >= store_out); /* with every line */
       assert(store_out >= acknowledged);
       out = store_out; earlier = 0; log = store_log; committed = store_out
  fi;
  removed = false;
  log = out /* lines behind the checkpoint are cut off */
}

active proctype world()
{
  run train();
  run push();
  do
  :: kills < KILLS && !trained ->
       kills++;
       killed = true;
       _nr_pr == 1;
       killed = false; finishing = false; flushed = false; pushed_all = false;
       resume();
       run train();
       run push()
  :: trained -> break
  od
}
