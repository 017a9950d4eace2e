#include "config.h" /* pipe2, close_range, memfd_create */

#include "process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cpu_mask.h"
#include "base/inherited.h"
#include "base/write_at.h"
#include "process/kin.h"
#include "process/lines.h"
#include "process/memory.h"

enum {
  TICK_MS = 100,
  EXIT_NOT_STARTED = 127, /* the same as in a shell */
  EXIT_UNKNOWN = 255
};

/* Seconds. GRACE: between a signal and SIGKILL, as long as Slurm's KillWait. LEFTOVER_GRACE: for
 * the rest of a group after its first process has ended. MEMORY_TICK: between two looks at the
 * memory. */
static const double GRACE = 30, LEFTOVER_GRACE = 2, MEMORY_TICK = 1;

typedef struct run {
  const dla_process *process;
  dla_process_end *end;
  dla_lines *lines;
  pid_t pid;
  char mark[DLA_KIN_MARK]; /* a variable that only this process and its descendants have */
  int output;              /* -1: at its end */
  bool exited, leftovers_told;
  bool alone;     /* nothing that it started still runs */
  double kill_at; /* when to send SIGKILL; 0: not set */
  double next_memory;
} run;

/* ---- In the new process ---- */

static void complain(const char *text)
{
  size_t length = 0;
  while (text[length])
    length++;
  if (write(STDERR_FILENO, text, length) < 0) return;
}

/* If the system refuses, only the speed changes, not the result. */
static void keep_to(const int *cpus, int count)
{
  dla_cpu_mask mask = {0};
  for (int i = 0; i < count; i++)
    dla_cpu_mask_add(&mask, cpus[i]);
  if (count) dla_cpu_mask_use(&mask, 0);
}

/* Makes only calls that are safe between fork() and execve() in a process with threads. */
static _Noreturn void be_child(const dla_process *p, pid_t parent, char **env, int input,
                               int output)
{
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);                 /* without the parent, nobody reads its
                                                     * output */
  if (getppid() != parent) _exit(EXIT_NOT_STARTED); /* the parent ended before prctl() */
  if (input < 0) input = open("/dev/null", O_RDONLY);
  if (input >= 0) dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);
  keep_to(p->cpus, p->cpu_count);
  if (chdir(p->folder)) {
    complain("cannot enter the folder it starts in\n");
    _exit(EXIT_NOT_STARTED);
  }
  dla_inherited_give_back();
  execve(p->argv[0], p->argv, env);
  complain("cannot start ");
  complain(p->argv[0]);
  complain("\n");
  _exit(EXIT_NOT_STARTED);
}

/* ---- In the parent ---- */

static void send(const run *r, int number)
{
  kill(-r->pid, number);
}

static void pass_signal_on(run *r)
{
  int number = r->process->signal ? r->process->signal(r->process->signal_context) : 0;
  if (!number || r->end->interrupted) return;
  r->end->interrupted = true;
  send(r, number);
  send(r, SIGCONT);
  r->kill_at = dla_clock() + GRACE;
}

static void check_memory(run *r)
{
  double now = dla_clock();
  if (!r->process->memory_limit || now < r->next_memory || r->exited) return;
  r->next_memory = now + MEMORY_TICK;
  if (dla_memory_of_group(r->pid) >> 20 < r->process->memory_limit) return;
  r->end->over_memory = true;
  send(r, SIGKILL);
}

static void read_output(run *r)
{
  char bytes[65536];
  struct pollfd ready = {.fd = r->output, .events = POLLIN};
  if (poll(&ready, r->output >= 0, TICK_MS) <= 0) return;
  ssize_t count = read(r->output, bytes, sizeof bytes);
  if (count > 0) dla_lines_take(r->lines, bytes, (size_t)count);
  if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) {
    close(r->output);
    r->output = -1;
  }
}

static void look_for_end(run *r)
{
  int status;
  pid_t ended = r->exited ? 0 : waitpid(r->pid, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return;
  r->exited = true;
  if (ended < 0)
    r->end->status = EXIT_UNKNOWN; /* a library waited for it */
  else
    r->end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A step ends with its command. Processes that it left behind get SIGTERM, even outside its group
 * or session. If all were told to stop before, those in the group may still be saving: they get no
 * second signal. */
static void tell_leftovers(run *r)
{
  dla_kin told = {.mark = r->mark, .group = r->pid, .but_group = r->end->interrupted};
  r->leftovers_told = true;
  dla_kin_signal(&told, SIGTERM);
  if (!r->end->interrupted) r->kill_at = dla_clock() + LEFTOVER_GRACE;
}

static void end_leftovers(run *r)
{
  const dla_kin all = {.mark = r->mark, .group = r->pid};
  bool late = r->kill_at > 0 && dla_clock() >= r->kill_at;
  if (late) send(r, SIGKILL);
  if (!r->exited) return;
  dla_kin_reap();
  size_t left = dla_kin_signal(&all, late ? SIGKILL : 0);
  r->alone = left == 0;
  if (r->alone && r->output < 0) return;
  if (!r->leftovers_told) tell_leftovers(r);
  if (late && r->alone && r->output >= 0) { /* another process, not one of ours, holds the pipe */
    close(r->output);
    r->output = -1;
  }
}

static void follow(run *r)
{
  while (!r->exited || !r->alone || r->output >= 0) {
    pass_signal_on(r);
    read_output(r);
    look_for_end(r);
    check_memory(r);
    end_leftovers(r);
  }
  dla_lines_end(r->lines);
}

/* ---- Starting ---- */

/* The environment with the mark in front. The caller owns the strings. NULL: no memory. */
static char **marked(char **env, char *mark)
{
  size_t count = 0;
  while (env[count])
    count++;
  char **all = malloc((count + 2) * sizeof *all);
  if (!all) return NULL;
  all[0] = mark;
  memcpy(all + 1, env, (count + 1) * sizeof *all);
  return all;
}

/* A file in memory with the text, positioned at its start. -1: no text is given, or it failed and
 * *status says so. */
static int open_input(const char *text, dla_status *status, dla_error *err)
{
  if (!text) return -1;
  int fd = memfd_create("input", MFD_CLOEXEC);
  if (fd < 0 || !dla_write_at(fd, text, strlen(text), 0))
    *status = dla_fail_errno(err, NULL, "keep what a process is to read");
  return fd;
}

static dla_status start(run *r, int output, dla_error *err)
{
  struct stat pipe;
  dla_status status = DLA_OK;
  /* The pipe's number is unique on this host, so no other dla-train has the same mark. */
  if (fstat(output, &pipe)) return dla_fail_errno(err, NULL, "look at a pipe");
  dla_kin_mark(r->mark, pipe.st_ino);
  int input = open_input(r->process->input, &status, err);
  char **env = marked(r->process->env, r->mark);
  if (!status && !env) status = dla_fail_memory(err, "a process's variables");
  if (!status) {
    dla_kin_adopt();
    pid_t parent = getpid();
    r->pid = fork();
    if (r->pid == 0) be_child(r->process, parent, env, input, output);
    if (r->pid < 0) status = dla_fail_errno(err, NULL, "start a process");
  }
  free(env);
  if (input >= 0) close(input);
  return status;
}

dla_status dla_process_run(const dla_process *process, dla_process_end *end, dla_error *err)
{
  int ends[2];
  *end = (dla_process_end){0};
  dla_lines *lines = calloc(1, sizeof *lines);
  if (!lines) return dla_fail_memory(err, "a step's output");
  lines->line = process->line;
  lines->context = process->line_context;
  if (pipe2(ends, O_CLOEXEC)) {
    free(lines);
    return dla_fail_errno(err, NULL, "make a pipe");
  }
  run r = {.process = process, .end = end, .lines = lines, .output = ends[0]};
  dla_status status = start(&r, ends[1], err);
  close(ends[1]);
  if (status) {
    close(ends[0]);
  } else {
    setpgid(r.pid, r.pid); /* parent and child both call it, because either may be first */
    follow(&r);
  }
  free(lines);
  return status;
}
