/* make.py's numbers, which are a function of their name. */
#ifndef DLA_TESTS_FIXED_H
#define DLA_TESTS_FIXED_H

#include <stddef.h>
#include <stdint.h>

/* Its fixed(): in [0, 1). */
void fixed_numbers(const char *name, float *out, size_t count);
/* The images {3,32,32} of its batch `name`. */
void fixed_images(const char *name, float *images, int count);
/* The images and labels of that number, for a training step. */
enum { FIXED_MOST = 16 };
void fixed_batch(int number, float *images, int32_t *labels, int count);

#endif
