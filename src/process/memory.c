#include "process/memory.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/process_stat.h"

uint64_t dla_memory_of_group(pid_t group)
{
  dla_process_stat *all;
  size_t count = dla_process_list(&all);
  uint64_t pages = 0;
  for (size_t i = 0; i < count; i++)
    if (all[i].group == group && all[i].pages > 0) pages += (uint64_t)all[i].pages;
  free(all);
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t dla_memory_of_node(void)
{
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}
