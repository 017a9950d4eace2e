/* Writes pickles as Python 2 wrote CIFAR's. */
#ifndef DLA_TESTS_PICKLE_WRITER_H
#define DLA_TESTS_PICKLE_WRITER_H

#include <stdint.h>

#include "base/strbuf.h"

/* Opcodes and their operands, given as a string literal. */
#define PICKLE(text, literal) dla_strbuf_append(text, literal, sizeof(literal) - 1)

void pickle_string(dla_strbuf *text, const char *string);
void pickle_integers(dla_strbuf *text, const int32_t *integers, size_t count);
void pickle_strings(dla_strbuf *text, const char *const *strings, size_t count);
void pickle_array(dla_strbuf *text, const uint8_t *bytes, uint32_t rows, uint32_t columns);

/* A numpy array of bytes with any number of axes; fortran: as numpy's flag. */
void pickle_shaped_array(dla_strbuf *text, const uint8_t *bytes, const uint32_t *dim, int rank,
                         int fortran);

/* {'batch_label': ..., labels_key: [...], 'data': array} */
void pickle_batch(dla_strbuf *text, const char *labels_key, const int32_t *labels,
                  const uint8_t *images, uint32_t count);

#endif
