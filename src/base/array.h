/* Arrays that grow, and a search in those that are sorted. */
#ifndef DLA_BASE_ARRAY_H
#define DLA_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes room for `more` elements behind the first `count`; capacity is a size_t. False: there is no
 * memory, and the array is as it was. */
#define DLA_ARRAY_RESERVE(items, capacity, count, more)                                            \
  dla_array_reserve(&(items), &(capacity), (count), (more), sizeof *(items))

/* items is the address of the pointer to the array; size is an element's. */
bool dla_array_reserve(void *items, size_t *capacity, size_t count, size_t more, size_t size);

/* Where the name stands in an array that is sorted by name, or would stand. Each element's first
 * member is its name, a char *. */
size_t dla_array_place(const void *items, size_t count, size_t size, const char *name);

#endif
