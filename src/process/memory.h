#ifndef DLA_PROCESS_MEMORY_H
#define DLA_PROCESS_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

/* The bytes in memory of a group's processes, summed as Slurm does: shared pages count for each
 * process. 0 where the system does not tell. */
uint64_t dla_memory_of_group(pid_t group);

/* The bytes of memory of this node. */
uint64_t dla_memory_of_node(void);

#endif
