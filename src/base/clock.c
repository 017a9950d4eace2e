#include "base/clock.h"

#include <time.h>
#include <unistd.h>

#include "base/process_stat.h"

double dla_clock(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double dla_process_age(void)
{
  dla_process_stat self;
  struct timespec now;
  if (!dla_process_look(getpid(), &self) || clock_gettime(CLOCK_BOOTTIME, &now)) return 0;
  double age = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec -
               (double)self.born / (double)sysconf(_SC_CLK_TCK);
  return age > 0 ? age : 0;
}
