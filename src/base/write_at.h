#ifndef DLA_BASE_WRITE_AT_H
#define DLA_BASE_WRITE_AT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes all of it at an offset of the file; false: errno says why not. */
bool dla_write_at(int fd, const void *bytes, size_t count, uint64_t offset);

#endif
