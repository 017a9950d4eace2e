#ifndef DLA_BASE_WRITE_AT_H
#define DLA_BASE_WRITE_AT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes all the bytes at an offset of the file. Returns false with errno. */
bool dla_write_at(int fd, const void *bytes, size_t count, uint64_t offset);

#endif
