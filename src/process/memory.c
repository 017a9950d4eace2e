#include "process/memory.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* proc(5): the name, field 2, may hold anything and ends with the last parenthesis; then come
 * state, ppid, pgrp, and as field 24 the pages in memory. */
static uint64_t pages_if_in(const char *pid, pid_t group)
{
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  const char *rest = strrchr(text, ')');
  int pgrp;
  long long pages;
  if (!rest ||
      sscanf(rest + 1,
             " %*c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %*u %*u "
             "%lld",
             &pgrp, &pages) != 2)
    return 0;
  return pgrp == group && pages > 0 ? (uint64_t)pages : 0;
}

uint64_t dla_memory_of_group(pid_t group)
{
  DIR *processes = opendir("/proc");
  uint64_t pages = 0;
  if (!processes) return 0;
  for (struct dirent *entry; (entry = readdir(processes));)
    if (isdigit((unsigned char)entry->d_name[0])) pages += pages_if_in(entry->d_name, group);
  closedir(processes);
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t dla_memory_of_node(void)
{
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}
