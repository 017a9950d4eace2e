#include "config.h" /* pipe2, close_range, sched_setaffinity */

#include "process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/lines.h"
#include "process/memory.h"

extern char **environ;

enum {
  TICK_MS = 100,
  EXIT_NOT_STARTED = 127 /* as a shell says it */
};

/* Seconds: to end after a signal, before SIGKILL (Slurm's own KillWait is as long); for what is
 * left of a group whose first process has ended; between two looks at the memory. */
static const double GRACE = 30, LEFTOVER_GRACE = 2, MEMORY_TICK = 1;

typedef struct run {
  const dla_process *process;
  dla_process_end *end;
  dla_lines *lines;
  pid_t pid;
  int output; /* -1: at its end */
  bool exited, leftovers_told;
  double kill_at; /* 0: not yet */
  double next_memory;
} run;

/* ---- In the new process ---- */

static void default_signals(void)
{
  static const int numbers[] = {SIGPIPE, SIGXFSZ, SIGTERM, SIGINT, SIGUSR1, SIGCHLD, SIGHUP};
  sigset_t none;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    signal(numbers[i], SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void complain(const char *text)
{
  size_t length = 0;
  while (text[length])
    length++;
  if (write(STDERR_FILENO, text, length) < 0) return;
}

/* One that is refused changes the speed, not the result. */
static void keep_to(const int *cpus, int count)
{
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < count; i++)
    CPU_SET(cpus[i], &set);
  if (count) sched_setaffinity(0, sizeof set, &set);
}

/* Only calls that are safe between fork() and execve() where other threads exist, but for `inside`,
 * which glibc's fork() lets use memory and streams. */
static _Noreturn void be_child(const dla_process *p, int output)
{
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody would read its output any more */
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);
  keep_to(p->cpus, p->cpu_count);
  if (chdir(p->folder)) {
    complain("cannot enter the folder it starts in\n");
    _exit(EXIT_NOT_STARTED);
  }
  if (!p->argv) {
    environ = p->env;
    _exit(p->inside(p->inside_context));
  }
  default_signals();
  execve(p->argv[0], p->argv, p->env);
  complain("cannot start ");
  complain(p->argv[0]);
  complain("\n");
  _exit(EXIT_NOT_STARTED);
}

/* ---- Beside it ---- */

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
  if (r->exited || waitpid(r->pid, &status, WNOHANG) != r->pid) return;
  r->exited = true;
  r->end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Processes that the first one left behind hold the output open; a step ends with its command, but
 * one that was told to stop may still be saving. */
static void end_leftovers(run *r)
{
  if (r->exited && r->output >= 0 && !r->end->interrupted && !r->leftovers_told) {
    r->leftovers_told = true;
    send(r, SIGTERM);
    r->kill_at = dla_clock() + LEFTOVER_GRACE;
  }
  if (!r->kill_at || dla_clock() < r->kill_at) return;
  send(r, SIGKILL);
  if (r->exited && r->output >= 0) { /* held by somebody outside the group */
    close(r->output);
    r->output = -1;
  }
}

static void follow(run *r)
{
  while (!r->exited || r->output >= 0) {
    pass_signal_on(r);
    read_output(r);
    look_for_end(r);
    check_memory(r);
    end_leftovers(r);
  }
  dla_lines_end(r->lines);
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
  r.pid = fork();
  if (r.pid == 0) be_child(process, ends[1]);
  close(ends[1]);
  dla_status status = DLA_OK;
  if (r.pid < 0) {
    status = dla_fail_errno(err, NULL, "start a process");
    close(ends[0]);
  } else {
    setpgid(r.pid, r.pid); /* both sides, because either may be first */
    follow(&r);
  }
  free(lines);
  return status;
}
