#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double dla_clock(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double dla_process_age(void)
{
  char line[1024];
  unsigned long long started = 0;
  FILE *file = fopen("/proc/self/stat", "re");
  bool read = file && fgets(line, sizeof line, file);
  if (file) fclose(file);
  /* Field 22, in ticks after boot; the second, in parentheses, may hold anything (proc(5)). */
  const char *fields = read ? strrchr(line, ')') : NULL;
  const char *format = ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
                       "%*d %llu";
  struct timespec now;
  if (!fields || sscanf(fields, format, &started) != 1 || clock_gettime(CLOCK_BOOTTIME, &now))
    return 0;
  double age = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec -
               (double)started / (double)sysconf(_SC_CLK_TCK);
  return age > 0 ? age : 0;
}
