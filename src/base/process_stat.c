#include "base/process_stat.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* proc(5): the name, field 2, may hold anything and ends with the last parenthesis. Then come
 * state, ppid, pgrp and session; field 22 is the start time, field 23 the size, field 24 the pages
 * in memory. */
bool dla_process_look(pid_t pid, dla_process_stat *found)
{
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *file = fopen(path, "re");
  if (!file) return false;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  const char *rest = strrchr(text, ')');
  *found = (dla_process_stat){.pid = pid};
  return rest && sscanf(rest + 1,
                        " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
                        "%llu %llu %lld",
                        &found->state, &found->parent, &found->group, &found->session, &found->born,
                        &found->size, &found->pages) == 7;
}

size_t dla_process_list(dla_process_stat **found)
{
  size_t count = 0, capacity = 0;
  DIR *processes = opendir("/proc");
  *found = NULL;
  if (!processes) return 0;
  for (struct dirent *entry; (entry = readdir(processes));) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    if (!DLA_ARRAY_RESERVE(*found, capacity, count, 1)) break; /* some are better than none */
    count += dla_process_look((pid_t)strtol(entry->d_name, NULL, 10), &(*found)[count]);
  }
  closedir(processes);
  return count;
}
