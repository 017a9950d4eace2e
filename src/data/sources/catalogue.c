#include "data/sources/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/try.h"
#include "data/sources/member_name.h"

/* Kaggle puts each file into a folder of the same name; such a folder does not count. */
enum { RANK_OWN_FOLDER = 16 };

/* A path split into its parts, without "." and empty ones. */
typedef struct parts {
  char text[1024];
  char *part[DLA_SEARCH_DEPTH + 3];
  int count;
} parts;

/* False: too deep, or a hidden file. */
static bool split_path(const char *path, parts *p)
{
  p->count = 0;
  if (snprintf(p->text, sizeof p->text, "%s", path) >= (int)sizeof p->text) return false;
  char *rest = NULL;
  for (char *part = strtok_r(p->text, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
    if (strcmp(part, ".") == 0) continue;
    if (dla_name_is_hidden(part, strlen(part))) return false;
    if (p->count == DLA_SEARCH_DEPTH + 2) return false;
    p->part[p->count++] = part;
  }
  return p->count > 0;
}

static void join(const parts *p, int count, char *out, size_t size)
{
  size_t length = 0;
  out[0] = '\0';
  for (int i = 0; i < count; i++)
    length += (size_t)snprintf(out + length, size - length, "%s%s", i ? "/" : "", p->part[i]);
}

static dla_candidate *find(const dla_catalogue *c, const dla_format *format, const char *folder,
                           const char *name, size_t prefix)
{
  for (size_t i = 0; i < c->count; i++) {
    dla_candidate *item = &c->items[i];
    if (item->format == format && strcmp(item->folder, folder) == 0 &&
        strlen(item->prefix) == prefix && strncmp(item->prefix, name, prefix) == 0)
      return item;
  }
  return NULL;
}

static dla_status find_or_make(dla_catalogue *c, const dla_format *format, const parts *p,
                               int depth, size_t prefix, dla_candidate **item, dla_error *err)
{
  char folder[sizeof p->text];
  const char *name = p->part[p->count - 1];
  join(p, depth, folder, sizeof folder);
  *item = find(c, format, folder, name, prefix);
  if (*item) return DLA_OK;
  if (!DLA_ARRAY_RESERVE(c->items, c->capacity, c->count, 1))
    return dla_fail_memory(err, "a search");
  dla_candidate made = {
      .format = format, .folder = strdup(folder), .prefix = strndup(name, prefix), .depth = depth};
  if (!made.folder || !made.prefix) {
    free(made.folder);
    free(made.prefix);
    return dla_fail_memory(err, "a search");
  }
  *item = &c->items[c->count++];
  **item = made;
  return DLA_OK;
}

static dla_status add_member(dla_catalogue *c, const dla_format *format, int member, const parts *p,
                             size_t entry, dla_error *err)
{
  dla_name_match match, own;
  dla_candidate *item = NULL;
  int depth = p->count - 1;
  if (!dla_member_match(p->part[depth], format, member, &match)) return DLA_OK;
  if (depth && dla_member_match(p->part[depth - 1], format, member, &own)) {
    depth--;
    match.rank += RANK_OWN_FOLDER;
  }
  TRY(find_or_make(c, format, p, depth, match.prefix, &item, err));
  if (item->found[member].there && item->found[member].rank < match.rank) return DLA_OK;
  item->found[member].there = true;
  item->found[member].rank = match.rank;
  item->found[member].entry = entry;
  return DLA_OK;
}

dla_status dla_catalogue_add(dla_catalogue *catalogue, const char *path, size_t entry,
                             dla_error *err)
{
  parts p;
  if (!split_path(path, &p)) return DLA_OK;
  for (int f = 0; dla_formats[f]; f++)
    for (int m = 0; dla_formats[f]->members[m].name; m++)
      TRY(add_member(catalogue, dla_formats[f], m, &p, entry, err));
  return DLA_OK;
}

/* ---- Choosing ---- */

static bool is_dataset(const dla_candidate *item)
{
  int count = 0;
  for (int m = 0; item->format->members[m].name; m++)
    count += item->found[m].there;
  return count >= item->format->tell;
}

bool dla_format_suits(const dla_format *format, const dla_dataset_options *options)
{
  if (options->coarse && !format->coarse_labels) return false;
  int classes = options->coarse ? format->coarse_labels->classes : format->classes;
  return !options->classes || !classes || classes == options->classes;
}

bool dla_catalogue_has(const dla_catalogue *catalogue, const dla_dataset_options *options)
{
  for (size_t i = 0; i < catalogue->count; i++)
    if (is_dataset(&catalogue->items[i]) && dla_format_suits(catalogue->items[i].format, options))
      return true;
  return false;
}

/* Two versions of a data set in one folder hold the same data: either will do. */
static bool is_same(const dla_candidate *a, const dla_candidate *b)
{
  const char *set = a->format->set, *other = b->format->set;
  return set && other && strcmp(set, other) == 0 && strcmp(a->folder, b->folder) == 0;
}

static dla_status ambiguous(const dla_candidate *a, const dla_candidate *b, const char *place,
                            const char *how, dla_error *err)
{
  char name[2][256], hint[sizeof err->hint];
  bool differ = a->format->classes != b->format->classes;
  const dla_candidate *both[2] = {a, b};
  for (int i = 0; i < 2; i++) {
    const char *folder = both[i]->folder, *prefix = both[i]->prefix,
               *title = both[i]->format->title;
    if (*folder || *prefix)
      snprintf(name[i], sizeof name[i], "%.120s%s%.60s (%s)", folder, *folder && *prefix ? "/" : "",
               prefix, title);
    else
      snprintf(name[i], sizeof name[i], "the %s", title);
  }
  snprintf(hint, sizeof hint, "%s%s", differ ? "set model.classes, or " : "", how);
  return dla_fail(err, DLA_E_INPUT, place, hint, "both %s and %s could be meant", name[0], name[1]);
}

static int by_folder(const void *a, const void *b)
{
  const dla_candidate *const *first = a, *const *second = b;
  int order = (*first)->depth - (*second)->depth;
  if (!order) order = strcmp((*first)->folder, (*second)->folder);
  if (!order) order = strcmp((*first)->prefix, (*second)->prefix);
  return order ? order : *first > *second ? 1 : -1;
}

dla_status dla_catalogue_choose(const dla_catalogue *catalogue, const dla_dataset_options *options,
                                const char *place, const char *how, const dla_candidate **chosen,
                                dla_error *err)
{
  *chosen = NULL;
  bool only_suited = dla_catalogue_has(catalogue, options);
  const dla_candidate **sorted = calloc(catalogue->count + 1, sizeof(dla_candidate *));
  if (!sorted) return dla_fail_memory(err, "a search");
  size_t count = 0;
  for (size_t i = 0; i < catalogue->count; i++) {
    const dla_candidate *item = &catalogue->items[i];
    if (!is_dataset(item)) continue;
    if (!only_suited || dla_format_suits(item->format, options)) sorted[count++] = item;
  }
  qsort(sorted, count, sizeof *sorted, by_folder);
  dla_status status = DLA_OK;
  size_t next = 1;
  while (next < count && is_same(sorted[0], sorted[next]))
    next++;
  if (next < count && sorted[next]->depth == sorted[0]->depth)
    status = ambiguous(sorted[0], sorted[next], place, how, err);
  if (!status && count) *chosen = sorted[0];
  free(sorted);
  return status;
}

void dla_catalogue_free(dla_catalogue *catalogue)
{
  for (size_t i = 0; i < catalogue->count; i++) {
    free(catalogue->items[i].folder);
    free(catalogue->items[i].prefix);
  }
  free(catalogue->items);
  *catalogue = (dla_catalogue){0};
}
