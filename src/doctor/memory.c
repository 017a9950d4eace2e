/* Checks the amount of memory, its limits, and huge pages. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cgroup.h"
#include "doctor/checks.h"
#include "process/memory.h"

/* simple_dla with a batch of 128 needs about 800 MB. */
static const double TIGHT = 1e9, TOO_SMALL = 2e8;

/* In version 1, a limit that was never set is near 2^63. */
#define NO_LIMIT 1e18

typedef struct limit {
  double room, bytes; /* room: how much of it is left; bytes: negative if there is no limit */
} limit;

/* The number in a group's file; negative for "max", or if there is no such file. */
static double number_in(const char *group, const char *name)
{
  double number, none;
  return dla_cgroup_numbers(group, name, &number, &none) ? number : -1;
}

static void take(limit *l, double most, double used)
{
  const double room = most - (used > 0 ? used : 0);
  if (most < 0 || most >= NO_LIMIT || (l->bytes >= 0 && room >= l->room)) return;
  *l = (limit){.room = room > 0 ? room : 0, .bytes = most};
}

static void look_at_group(void *context, const char *group)
{
  take(context, number_in(group, "memory.max"), number_in(group, "memory.current"));
}

static void look_at_old_group(void *context, const char *group)
{
  take(context, number_in(group, "memory.limit_in_bytes"),
       number_in(group, "memory.usage_in_bytes"));
}

static double available(void)
{
  char line[128];
  double kilobytes = -1;
  FILE *file = fopen("/proc/meminfo", "re");
  while (file && kilobytes < 0 && fgets(line, sizeof line, file))
    if (sscanf(line, "MemAvailable: %lf kB", &kilobytes) != 1) kilobytes = -1;
  if (file) fclose(file);
  return kilobytes * 1024;
}

static void look_at_amount(const doctor *d)
{
  limit group = {.bytes = -1};
  struct rlimit space;
  const double giga = 1e9, node = (double)dla_memory_of_node();
  double room = available();
  char left[32] = "an unknown number"; /* where Linux does not tell */
  if (room >= 0) snprintf(left, sizeof left, "%.1f", room / giga);
  char by[128] = "no cgroup limits it";
  dla_cgroup_walk(NULL, look_at_group, &group);
  dla_cgroup_walk("memory", look_at_old_group, &group);
  if (group.bytes >= 0) {
    snprintf(by, sizeof by, "a cgroup limits it to %.1f GB, of which %.1f are free",
             group.bytes / giga, group.room / giga);
    if (room < 0 || group.room < room) room = group.room;
  }
  const dla_verdict verdict = room < 0           ? DLA_GOOD
                              : room < TOO_SMALL ? DLA_BAD
                              : room < TIGHT     ? DLA_WARNING
                                                 : DLA_GOOD;
  dla_findings_add(d->findings, verdict, "memory",
                   verdict ? "end other programs, ask for more, or lower train.batch_size" : NULL,
                   "%.1f GB, of which %s are free; %s", node / giga, left, by);
  if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
    dla_findings_add(d->findings, DLA_WARNING, "address space",
                     "ulimit -v unlimited: libraries reserve more addresses than they use",
                     "limited to %.1f GB", (double)space.rlim_cur / giga);
}

/* The file contains "always [madvise] never". */
static void look_at_huge_pages(const doctor *d)
{
  char line[128] = "";
  FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
  if (file && !fgets(line, sizeof line, file)) line[0] = '\0';
  if (file) fclose(file);
  const char *from = strchr(line, '[');
  const int length = from ? (int)strcspn(from + 1, "]\n") : 0;
  if (!length)
    dla_findings_add(d->findings, DLA_GOOD, "huge pages", NULL, "Linux does not tell of them here");
  else if (strncmp(from + 1, "never", 5) == 0)
    dla_findings_add(d->findings, DLA_WARNING, "huge pages",
                     "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled, as root",
                     "never: the processor looks up addresses more often, which takes time");
  else
    dla_findings_add(d->findings, DLA_GOOD, "huge pages", NULL, "%.*s", length, from + 1);
}

void doctor_memory(const doctor *d)
{
  look_at_amount(d);
  look_at_huge_pages(d);
}
