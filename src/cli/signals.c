#include "cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inherited.h"
#include "base/leftovers.h"
#include "base/start_thread.h"
#include "process/kin.h"

/* A thread waits for the signals. They are blocked in all threads (base/inherited.c). A handler
 * could do less: it may neither walk a folder nor take a lock. Nor would it stay installed:
 * libraries install theirs when they are loaded or first compile something. LLVM's swallows SIGUSR1
 * (llvm/lib/Support/Unix/Signals.inc); PoCL loads LLVM, and so does MPI_Init where hwloc has its
 * OpenCL plugin. Blocked signals reach no handler. */

/* Signals concern the whole process, so this state is global. */
static atomic_int asked;                                   /* the first signal, if it only asks */
static atomic_bool orderly;                                /* the first signal only asks */
static pthread_mutex_t ending = PTHREAD_MUTEX_INITIALIZER; /* held by the thread that ends the
                                                            * program */

static void say_kept(const char *path)
{
  fprintf(stderr, "dla-train: kept: %s\n", path);
}

/* A file system may hang, and so may a thread that holds a lock. If this thread cannot be started,
 * the end waits for them. */
static void *end_in_any_case(void *number)
{
  const struct timespec long_enough = {.tv_sec = 10};
  nanosleep(&long_enough, NULL);
  _exit(128 + *(const int *)number);
  return NULL;
}

static int for_children(int number)
{
  return number == SIGHUP ? SIGTERM : number;
}

static _Noreturn void end_at_once(int number)
{
  pthread_t thread;
  pthread_create(&thread, NULL, end_in_any_case, &number);
  pthread_mutex_lock(&ending);
  dla_kin_end(for_children(number));
  dla_leftovers_remove(say_kept);
  _exit(128 + number);
}

/* What is known of the first signal. */
typedef struct first_signal {
  siginfo_t info;
  double when;
  bool passed_on; /* it came again, through the parent */
} first_signal;

static bool is_from_parent(const siginfo_t *info)
{
  return info->si_code == SI_USER && info->si_pid == dla_inherited_parent();
}

/* The kernel tells a child of its parent's end once for each of the parent's threads
 * (process/process.c asks for it). */
static bool tells_of_parents_end(const siginfo_t *info)
{
  enum { TRIES = 20 };
  if (!is_from_parent(info)) return false;
  for (int i = 0; i < TRIES; i++) {
    if (getppid() != info->si_pid) return true;
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  return false;
}

/* One request may arrive as two signals. timeout(1) sends one to its child and one to its group,
 * which is the child's, too. And where Slurm signals all processes of a job, the batch shell passes
 * the signal on to a program that has got it already. No person asks twice in so short a time, or
 * once directly and once through the parent. */
static bool is_echo(first_signal *first, const siginfo_t *info)
{
  const double at_once = 0.02, soon = 10;
  double passed = dla_clock() - first->when;
  bool same = info->si_signo == first->info.si_signo;
  if (same && passed < at_once) return true;
  bool by_two_ways = is_from_parent(info) != is_from_parent(&first->info);
  if (same && by_two_ways && passed < soon && !first->passed_on) {
    first->passed_on = true;
    return true;
  }
  return tells_of_parents_end(info);
}

static void *listen_to_signals(void *context)
{
  sigset_t set;
  first_signal first = {0};
  (void)context;
  dla_inherited_stop_signals(&set);
  for (siginfo_t info;;) {
    int number = sigwaitinfo(&set, &info);
    if (number < 0) continue; /* interrupted by a debugger */
    if (!atomic_load(&orderly)) end_at_once(number);
    if (atomic_load(&asked) && !is_echo(&first, &info)) end_at_once(number);
    if (atomic_load(&asked)) continue;
    first = (first_signal){.info = info, .when = dla_clock()};
    atomic_store(&asked, number);
  }
  return NULL;
}

dla_status dla_cli_signals_begin(dla_error *err)
{
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  dla_status status = dla_start_thread(&thread, &attributes, listen_to_signals, NULL,
                                       "the thread that waits for signals", err);
  pthread_attr_destroy(&attributes);
  return status;
}

void dla_cli_catch_signals(void)
{
  atomic_store(&orderly, true);
}

void dla_cli_signals_end(void)
{
  pthread_mutex_lock(&ending);
  dla_kin_end(SIGTERM);
  pthread_mutex_unlock(&ending);
}

bool dla_cli_is_stopped(void *context)
{
  (void)context;
  return atomic_load(&asked) != 0;
}

int dla_cli_stop_signal(void *context)
{
  (void)context;
  return for_children(atomic_load(&asked));
}

dla_stop dla_cli_stop(void)
{
  return (dla_stop){dla_cli_is_stopped, NULL};
}
