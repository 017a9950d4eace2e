/* A flat array cut into chunks that a team's threads share out: an item is a chunk. */
#ifndef DLA_GRAPH_CHUNKS_H
#define DLA_GRAPH_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

enum { DLA_CHUNK = 1 << 14 }; /* floats that a thread takes at once */

typedef struct dla_chunk {
  size_t first, end;
} dla_chunk;

/* The number of chunks in an array of so many floats. */
static inline int64_t dla_chunk_count(size_t floats)
{
  return (int64_t)((floats + DLA_CHUNK - 1) / DLA_CHUNK);
}

static inline dla_chunk dla_chunk_at(int64_t number, size_t floats)
{
  const size_t first = (size_t)number * DLA_CHUNK;
  return (dla_chunk){first, first + DLA_CHUNK < floats ? first + DLA_CHUNK : floats};
}

#endif
