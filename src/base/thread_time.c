#include "base/thread_time.h"

#include <dirent.h>
#include <stdio.h>

static bool add_thread(const char *id, dla_thread_time *time)
{
  char path[64];
  unsigned long long ran, ready;
  snprintf(path, sizeof path, "/proc/self/task/%.20s/schedstat", id);
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
  for (struct dirent *entry; (entry = readdir(tasks));)
    if (entry->d_name[0] != '.') known |= add_thread(entry->d_name, time);
  closedir(tasks);
  return known;
}
