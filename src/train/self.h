/* Texts that make a checkpoint self-contained, besides its configuration: class names,
 * normalization, and the layer graph if it comes from a file. See docs/checkpoint-format.md. */
#ifndef DLA_SELF_H
#define DLA_SELF_H

#include "config/config.h"
#include "dla/checkpoint.h"
#include "dla/dataset.h"

typedef struct dla_normalization {
  float mean[4], std[4]; /* per channel, on the scale 0 to 1 */
} dla_normalization;

/* Texts; empty: none. */
typedef struct dla_self {
  dla_strbuf classes, normalization; /* JSON */
  dla_strbuf graph;                  /* YAML */
} dla_self;

/* Free it even after a failure. Errors: DLA_E_INPUT: the graph's file is gone. */
dla_status dla_self_describe(const dla_config *config, const dla_dataset *train,
                             const dla_normalization *normalization, dla_self *self,
                             dla_error *err);
void dla_self_free(dla_self *self);
/* Sets them in a checkpoint before it is written. */
dla_status dla_self_write(const dla_self *self, dla_checkpoint *checkpoint, dla_error *err);

/* Copies them and the configuration from one checkpoint to another. */
dla_status dla_self_copy(const dla_checkpoint *from, dla_checkpoint *to, dla_error *err);

/* The classes' names; free each, and the array. NULL: the checkpoint has no names for so many
 * classes. */
dla_status dla_self_read_classes(const dla_checkpoint *checkpoint, int64_t count, char ***names,
                                 dla_error *err);
/* False: the checkpoint has none for so many channels; nothing is set. */
bool dla_self_read_normalization(const dla_checkpoint *checkpoint, int64_t channels,
                                 dla_normalization *normalization);
/* Copies the layer graph's text, if there is one, to config->model.graph_text. */
dla_status dla_self_take_graph(const dla_checkpoint *checkpoint, dla_config *config,
                               dla_error *err);

#endif
