#include "data/pictures/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/closest.h"
#include "base/natural.h"
#include "base/try.h"
#include "data/formats/format.h"

static const char *const train_names[] = {"train", "training", NULL};
/* The first one that exists is used. */
static const char *const val_names[] = {"val",  "valid",   "validation", "eval",
                                        "test", "testing", NULL};

/* ---- Paths ---- */

static size_t part_length(const char *path)
{
  return strcspn(path, "/");
}

/* The path after its first part; NULL: there is only one part. */
static const char *behind(const char *path)
{
  const char *slash = strchr(path, '/');
  return slash ? slash + 1 : NULL;
}

/* The rest of a path below a folder; NULL: not below it. "" is the top folder; everything with at
 * least one more part is below it. */
static const char *below(const char *path, const char *folder, size_t length)
{
  if (length == 0) return *path ? path : NULL;
  return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

static int rank_in(const char *part, size_t length, const char *const names[])
{
  for (int i = 0; names[i]; i++)
    if (strlen(names[i]) == length && strncasecmp(part, names[i], length) == 0) return i;
  return -1;
}

/* ---- Finding the classes' folder ---- */

typedef struct root {
  char *path; /* owned */
  size_t length;
  bool split;
} root;

/* In the source that is being listed. */
static bool has_files(const dla_picture_list *list, size_t folder)
{
  const dla_picture_folder *f = &list->folders[folder];
  return f->files > 0 && list->places[f->place].source == list->source;
}

/* The folder nearest to the top that has train/CLASS/FILE. */
static dla_status find_split(const dla_picture_list *list, root *found, const char *where,
                             dla_error *err)
{
  int depth = INT32_MAX;
  for (size_t i = 0; i < list->folder_count; i++) {
    const char *path = list->folders[i].path;
    if (!has_files(list, i)) continue;
    int at = 0;
    for (const char *part = path; part; part = behind(part), at++) {
      if (!behind(part) || rank_in(part, part_length(part), train_names) < 0) continue;
      const size_t length = part > path ? (size_t)(part - path) - 1 : 0;
      const bool same =
          found->path && length == found->length && strncmp(path, found->path, length) == 0;
      if (at > depth || (at == depth && same)) break;
      if (at == depth)
        return dla_fail(err, DLA_E_INPUT, where, "give the path of the one you want",
                        "both %.150s and %.150s could be meant", found->path, path);
      free(found->path);
      found->path = strndup(path, length);
      if (!found->path) return dla_fail_memory(err, where);
      found->length = length;
      found->split = true;
      depth = at;
      break;
    }
  }
  return DLA_OK;
}

/* Descends while there is only one folder, with another one in it. So an archive's own top folder
 * is not a class. */
static dla_status find_classes(const dla_picture_list *list, root *found, const char *where,
                               dla_error *err)
{
  found->path = strdup("");
  found->length = 0;
  while (found->path) {
    const char *only = NULL;
    size_t length = 0;
    bool several = false, deeper = false;
    for (size_t i = 0; i < list->folder_count; i++) {
      const char *rest = below(list->folders[i].path, found->path, found->length);
      if (!rest || !has_files(list, i)) continue;
      deeper |= behind(rest) != NULL;
      several |= only && (part_length(rest) != length || strncmp(rest, only, length) != 0);
      only = rest;
      length = part_length(rest);
    }
    if (!only || several || !deeper) return DLA_OK;
    const size_t joined = found->length + (found->length > 0) + length;
    char *next = malloc(joined + 1);
    if (next)
      snprintf(next, joined + 1, "%s%s%.*s", found->path, found->length ? "/" : "", (int)length,
               only);
    free(found->path);
    found->path = next;
    found->length = joined;
  }
  return dla_fail_memory(err, where);
}

/* ---- The role of each folder ---- */

typedef struct meaning {
  dla_side side;
  int32_t label;
} meaning;

/* Which of val's names exists? */
static int find_val(const dla_picture_list *list, const root *r)
{
  int best = -1;
  for (size_t i = 0; i < list->folder_count; i++) {
    const char *rest = below(list->folders[i].path, r->path, r->length);
    const int rank = rest && behind(rest) && has_files(list, i)
                         ? rank_in(rest, part_length(rest), val_names)
                         : -1;
    if (rank >= 0 && (best < 0 || rank < best)) best = rank;
  }
  return best;
}

static dla_status give_meaning(dla_layout *layout, dla_picture_folder *folder, const root *r,
                               int val, dla_side side, meaning *m, dla_error *err)
{
  const char *rest = below(folder->path, r->path, r->length);
  *m = (meaning){DLA_SIDE_NONE, -1};
  if (rest && r->split) {
    const bool train = rank_in(rest, part_length(rest), train_names) >= 0;
    const bool other = val >= 0 && rank_in(rest, part_length(rest), val_names) == val;
    side = train ? DLA_SIDE_TRAIN : DLA_SIDE_VAL;
    rest = train || other ? behind(rest) : NULL;
  }
  if (!rest) return DLA_OK;
  uint32_t label;
  TRY(dla_picture_list_folder(&layout->classes, 0, rest, part_length(rest), &label, err));
  folder->class_at = (uint32_t)(rest - folder->path);
  *m = (meaning){side, (int32_t)label};
  return DLA_OK;
}

static dla_status give_meanings(dla_layout *layout, dla_picture_list *list, size_t from,
                                const root *r, dla_side side, dla_error *err)
{
  meaning *meanings = calloc(list->folder_count + 1, sizeof *meanings);
  if (!meanings) return dla_fail_memory(err, "the classes");
  const int val = r->split ? find_val(list, r) : -1;
  dla_status status = DLA_OK;
  for (size_t i = 0; i < list->folder_count && !status; i++)
    if (has_files(list, i))
      status = give_meaning(layout, &list->folders[i], r, val,
                            side == DLA_SIDE_NONE ? DLA_SIDE_TRAIN : side, &meanings[i], err);
  for (size_t i = from; i < list->count && !status; i++) {
    dla_picture_entry *e = &list->entries[i];
    e->side = (uint8_t)meanings[e->folder].side;
    e->label = meanings[e->folder].label;
    layout->outside += e->side == DLA_SIDE_NONE &&
                       below(list->folders[e->folder].path, r->path, r->length) == NULL;
  }
  free(meanings);
  layout->split |= val >= 0;
  return status;
}

dla_status dla_layout_find(dla_layout *layout, dla_picture_list *list, size_t from, dla_side side,
                           const char *where, dla_error *err)
{
  root r = {0};
  dla_status status = side == DLA_SIDE_NONE ? find_split(list, &r, where, err) : DLA_OK;
  if (!status && !r.path) status = find_classes(list, &r, where, err);
  if (!status) status = give_meanings(layout, list, from, &r, side, err);
  free(r.path);
  return status;
}

/* ---- Classes ---- */

typedef struct class_use {
  const char *name;
  uint32_t number;
  size_t files[3]; /* by side; files that are not pictures do not count */
} class_use;

static int by_name(const void *a, const void *b)
{
  return dla_natural_compare(((const class_use *)a)->name, ((const class_use *)b)->name);
}

static void count_files(const dla_picture_list *list, class_use *uses)
{
  for (size_t i = 0; i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    if (e->label >= 0 && e->state != DLA_PICTURE_PASSED) uses[e->label].files[e->side]++;
  }
}

static dla_status name_classes(const class_use *uses, int count, char ***names, dla_error *err)
{
  *names = dla_names_new(count > 0 ? count : 1);
  for (int i = 0; *names && i < count; i++) {
    (*names)[i] = dla_name_new(uses[i].name, strlen(uses[i].name));
    if ((*names)[i]) continue;
    dla_free_texts(*names, (size_t)count);
    *names = NULL;
  }
  return *names ? DLA_OK : dla_fail_memory(err, "the names of the classes");
}

static dla_status number_classes(dla_picture_list *list, class_use *uses, size_t all, char ***names,
                                 int *count, const char *where, dla_error *err)
{
  int32_t *number = malloc((all + 1) * sizeof *number);
  if (!number) return dla_fail_memory(err, "the classes");
  dla_status status = DLA_OK;
  *count = 0;
  for (size_t i = 0; i < all && !status; i++) {
    const class_use *use = &uses[i];
    number[use->number] = -1;
    if (use->files[DLA_SIDE_TRAIN] > 0) {
      uses[*count] = *use;
      number[use->number] = (*count)++;
    } else if (use->files[DLA_SIDE_VAL] > 0) {
      status = dla_fail(err, DLA_E_INPUT, where,
                        "put pictures of it among those to train with, or take the folder away",
                        "the class %.100s is only among the pictures to test with", use->name);
    }
  }
  for (size_t i = 0; i < list->count && !status; i++) {
    dla_picture_entry *e = &list->entries[i];
    if (e->label >= 0) e->label = number[e->label];
    if (e->label < 0) e->side = DLA_SIDE_NONE;
  }
  free(number);
  return status ? status : name_classes(uses, *count, names, err);
}

dla_status dla_layout_settle_classes(dla_layout *layout, dla_picture_list *list, char ***names,
                                     int *count, const char *where, dla_error *err)
{
  const size_t all = layout->classes.folder_count;
  class_use *uses = calloc(all + 1, sizeof *uses);
  if (!uses) return dla_fail_memory(err, "the classes");
  for (size_t i = 0; i < all; i++)
    uses[i] = (class_use){.name = layout->classes.folders[i].path, .number = (uint32_t)i};
  count_files(list, uses);
  qsort(uses, all, sizeof *uses, by_name);
  dla_status status = number_classes(list, uses, all, names, count, where, err);
  free(uses);
  return status;
}

/* The index of the class; -1: no such class, -2: no memory. Names are as name_classes() makes
 * them from folders. */
static int find_name(const char *folder, char *const *names, int count)
{
  char *name = dla_name_new(folder, strlen(folder));
  int c = 0;
  while (name && c < count && strcmp(names[c], name) != 0)
    c++;
  free(name);
  return !name ? -2 : c < count ? c : -1;
}

static dla_status fail_unknown(const char *name, char *const *names, int count, const char *where,
                               dla_error *err)
{
  dla_closest closest = dla_closest_to(name);
  char hint[120];
  for (int c = 0; c < count; c++)
    dla_closest_offer(&closest, names[c]);
  dla_closest_hint(&closest, "", "take its folder away, or call it as the network's class", hint,
                   sizeof hint);
  return dla_fail(err, DLA_E_INPUT, where, hint, "the network has no class '%.100s'", name);
}

dla_status dla_layout_take_classes(dla_layout *layout, dla_picture_list *list, char *const *names,
                                   int count, const char *where, dla_error *err)
{
  const size_t all = layout->classes.folder_count;
  int32_t *number = malloc((all + 1) * sizeof *number);
  if (!number) return dla_fail_memory(err, "the classes");
  dla_status status = DLA_OK;
  for (size_t i = 0; i < all && !status; i++) {
    number[i] = find_name(layout->classes.folders[i].path, names, count);
    if (number[i] == -2) status = dla_fail_memory(err, "the classes");
  }
  for (size_t i = 0; i < list->count && !status; i++) {
    dla_picture_entry *e = &list->entries[i];
    if (e->label < 0 || e->state == DLA_PICTURE_PASSED) continue;
    const int32_t label = number[e->label];
    if (label < 0 && (!layout->split || e->side == DLA_SIDE_VAL))
      status = fail_unknown(layout->classes.folders[e->label].path, names, count, where, err);
    e->label = label;
  }
  free(number);
  return status;
}

bool dla_layout_is_split(char *const *names, int count)
{
  int train = 0, val = 0;
  for (int c = 0; c < count; c++) {
    train += rank_in(names[c], strlen(names[c]), train_names) >= 0;
    val += rank_in(names[c], strlen(names[c]), val_names) >= 0;
  }
  return (train && val) || (count > 0 && train + val == count);
}

void dla_layout_free(dla_layout *layout)
{
  dla_picture_list_free(&layout->classes);
}
