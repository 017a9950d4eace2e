#include "process/kin.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process_stat.h"
#include "base/strbuf.h"

void dla_kin_adopt(void)
{
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static bool has_ended(const dla_process_stat *p)
{
  return p->state == 'Z' || p->state == 'X';
}

/* Moves the descendants to the front, one generation after the other; returns how many there
 * are. */
static size_t find_descendants(dla_process_stat *all, size_t count)
{
  size_t found = 0;
  pid_t parent = getpid();
  for (size_t next = 0;; parent = all[next++].pid) {
    for (size_t i = found; i < count; i++) {
      if (all[i].parent != parent) continue;
      dla_process_stat other = all[found];
      all[found++] = all[i];
      all[i] = other;
    }
    if (next == found) return found;
  }
}

void dla_kin_mark(char mark[DLA_KIN_MARK], unsigned long long number)
{
  snprintf(mark, DLA_KIN_MARK, "DLA_TRAIN_%d_%llu=", (int)getpid(), number);
}

/* Reads the variables that the process was started with, each with its zero. The caller frees
 * *found. A process whose environment we may not read has none. */
static void read_environment(pid_t pid, dla_strbuf *found)
{
  char path[64], bytes[4096];
  snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  for (ssize_t got; (got = read(fd, bytes, sizeof bytes)) > 0;)
    dla_strbuf_append(found, bytes, (size_t)got);
  close(fd);
}

static bool begins_one_of(const dla_strbuf *variables, const char *mark)
{
  size_t length = strlen(mark);
  for (size_t at = 0; at < variables->length; at += strlen(variables->text + at) + 1)
    if (strncmp(variables->text + at, mark, length) == 0) return true;
  return false;
}

/* Only the kernel's part of such a process is left. */
static bool is_ending(pid_t pid)
{
  dla_process_stat now;
  return !dla_process_look(pid, &now) || now.size == 0;
}

/* Whether the process was started with the mark, or is just ending: then it has no environment any
 * more, and is waited for, whoever started it. In execve() it has none for a moment, either
 * (linux/fs/exec.c sets env_end last). */
static bool has_mark_or_ends(pid_t pid, const char *mark)
{
  enum { TRIES = 5 };
  dla_strbuf variables = {0};
  for (int i = 0; i < TRIES && !variables.length; i++) {
    if (i) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    read_environment(pid, &variables);
    if (!variables.length && is_ending(pid)) return true;
  }
  bool found = begins_one_of(&variables, mark);
  dla_strbuf_free(&variables);
  return found;
}

static bool is_meant(const dla_process_stat *p, const dla_kin *which)
{
  if (p->size == 0) return true;
  if (p->group == which->group) return !which->but_group;
  return has_mark_or_ends(p->pid, which->mark);
}

size_t dla_kin_signal(const dla_kin *which, int number)
{
  dla_process_stat *all;
  size_t count = 0, seen = dla_process_list(&all), kin = find_descendants(all, seen);
  for (size_t i = 0; i < kin; i++) {
    if (has_ended(&all[i]) || !is_meant(&all[i], which)) continue;
    count++;
    if (number) kill(all[i].pid, number);
  }
  free(all);
  return count;
}

/* A child that was started here leads its own group, in the session of this process. Its end is for
 * its starter to see. */
static bool is_adopted(const dla_process_stat *p)
{
  return p->parent == getpid() && (p->group != p->pid || p->session != getsid(0));
}

void dla_kin_reap(void)
{
  dla_process_stat *all;
  size_t count = dla_process_list(&all);
  for (size_t i = 0; i < count; i++)
    if (is_adopted(&all[i]) && has_ended(&all[i])) waitpid(all[i].pid, NULL, WNOHANG);
  free(all);
}

static bool has_children(void)
{
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

static bool are_gone_after(double seconds, const dla_kin *all, int number)
{
  double until = dla_clock() + seconds;
  while (dla_kin_signal(all, number)) {
    if (dla_clock() >= until) return false;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  }
  return true;
}

void dla_kin_end(int number)
{
  const double moment = 1, long_enough = 5;
  char mark[DLA_KIN_MARK];
  const dla_kin all = {.mark = mark};
  if (!has_children()) return;
  snprintf(mark, sizeof mark, "DLA_TRAIN_%d_", (int)getpid());
  dla_kin_signal(&all, number);
  dla_kin_signal(&all, SIGCONT);
  if (!are_gone_after(moment, &all, 0)) are_gone_after(long_enough, &all, SIGKILL);
}
