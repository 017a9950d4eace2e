#include "base/thread_time.h"

#include <dirent.h>
#include <stdio.h>

/* of: "self/task/ID", or a process's number for its first thread */
static bool add_thread(const char *of, dla_thread_time *time)
{
  char path[64];
  unsigned long long ran, ready;
  snprintf(path, sizeof path, "/proc/%.40s/schedstat", of);
  FILE *file = fopen(path, "re");
  if (!file) return false;
  bool read = fscanf(file, "%llu %llu", &ran, &ready) == 2;
  fclose(file);
  if (!read) return false;
  time->ran += 1e-9 * (double)ran;
  time->ready += 1e-9 * (double)ready;
  return true;
}

bool dla_thread_time_now(dla_thread_time *time)
{
  *time = (dla_thread_time){0};
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return false;
  bool known = false;
  for (struct dirent *entry; (entry = readdir(tasks));) {
    char of[40];
    snprintf(of, sizeof of, "self/task/%.20s", entry->d_name);
    if (entry->d_name[0] != '.') known |= add_thread(of, time);
  }
  closedir(tasks);
  return known;
}

bool dla_thread_time_of_process(pid_t process, dla_thread_time *time)
{
  char of[24];
  *time = (dla_thread_time){0};
  snprintf(of, sizeof of, "%ld", (long)process);
  return add_thread(of, time);
}
