/* Arrays that grow, searches in arrays, and arrays of texts. */
#ifndef DLA_BASE_ARRAY_H
#define DLA_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes room for `more` elements behind the first `count`. capacity is a size_t. Returns false
 * where there is no memory; the array is as it was. */
#define DLA_ARRAY_RESERVE(items, capacity, count, more)                                            \
  dla_array_reserve(&(items), &(capacity), (count), (more), sizeof *(items))

/* items is the address of the pointer to the array; size is the size of one element. */
bool dla_array_reserve(void *items, size_t *capacity, size_t count, size_t more, size_t size);

/* The place of the name in an array that is sorted by name, or the place to insert it at. Each
 * element's first member is its name, a char *. */
size_t dla_array_place(const void *items, size_t count, size_t size, const char *name);

/* Whether the text is one of the words, which end with NULL. */
bool dla_is_one_of(const char *text, const char *const *words);

/* Frees an array of owned texts; NULL: nothing. */
void dla_free_texts(char **texts, size_t count);

#endif
