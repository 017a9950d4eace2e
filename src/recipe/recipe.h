/* A first configuration for a data set. */
#ifndef DLA_RECIPE_H
#define DLA_RECIPE_H

#include "base/strbuf.h"
#include "recipe/facts.h"

/* The chosen settings. */
typedef struct dla_recipe {
  const char *network;
  bool fast; /* dla_fast, which learns more in few epochs and from few images than the others */
  int image_size, epochs, batch_size;
  double lr, ema;
} dla_recipe;

dla_recipe dla_recipe_choose(const dla_facts *facts);

/* Appends the configuration as YAML; a comment on each line says what it is for. data and output
 * are paths. */
void dla_recipe_write(const dla_recipe *recipe, const dla_facts *facts, const char *data,
                      const char *output, dla_strbuf *yaml);

#endif
