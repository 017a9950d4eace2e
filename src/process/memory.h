#ifndef DLA_PROCESS_MEMORY_H
#define DLA_PROCESS_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

/* Bytes that the processes of a group have in memory, as Slurm sums them; shared pages count for
 * each. 0 where the system does not tell. */
uint64_t dla_memory_of_group(pid_t group);

/* Bytes of memory that this node has. */
uint64_t dla_memory_of_node(void);

#endif
