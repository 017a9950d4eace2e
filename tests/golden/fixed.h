/* make.py's numbers, which are a function of their name. */
#ifndef DLA_TESTS_FIXED_H
#define DLA_TESTS_FIXED_H

#include <stddef.h>
#include <stdint.h>

/* Its fixed(): in [0, 1). */
void fixed_numbers(const char *name, float *out, size_t count);
/* The images {3,32,32} of its batch `name`. */
void fixed_images(const char *name, float *images, int count);
/* Images and labels of a training step; at most 8. */
void fixed_batch(int step, float *images, int32_t *labels, int count);

#endif
