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
#include "data/pictures/listing.h"
#include "data/pictures/side_names.h"

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

/* ---- Finding the classes' folder ---- */

typedef struct root {
  char *path; /* owned */
  size_t length;
  bool split;
  dla_side_name train; /* of the split's folder to train with; its text is a listed folder's */
} root;

/* In the source that is being listed. */
static bool has_files(const dla_picture_list *list, size_t folder)
{
  const dla_picture_folder *f = &list->folders[folder];
  const uint32_t files = list->file_names ? f->named : f->files;
  return files > 0 && list->places[f->place].source == list->source;
}

/* May a folder be a side's, by what lies in it? */
static bool may_be_side(const dla_picture_list *list, const char *part)
{
  return list->file_names || behind(part);
}

/* Is `part` a side's folder that goes with the one called `train`? */
static bool is_side_of(const char *part, const dla_side_name *train, dla_side_name *name)
{
  return dla_side_name_read(part, part_length(part), name) && dla_side_names_are_alike(name, train);
}

/* Which of val's names exists beside the folder called `train`? -1: none. */
static int find_val(const dla_picture_list *list, const char *path, size_t length,
                    const dla_side_name *train)
{
  int best = -1;
  dla_side_name name;
  for (size_t i = 0; i < list->folder_count; i++) {
    const char *rest = below(list->folders[i].path, path, length);
    if (!rest || !may_be_side(list, rest) || !has_files(list, i) || !is_side_of(rest, train, &name))
      continue;
    if (name.rank >= 0 && (best < 0 || name.rank < best)) best = name.rank;
  }
  return best;
}

/* Whether a part of a path is a folder to train with. One like seg_train needs a seg_test beside
 * it: else it may be a class. */
static bool begins_split(const dla_picture_list *list, const char *path, const char *part,
                         dla_side_name *name)
{
  if (!may_be_side(list, part) || !dla_side_name_read(part, part_length(part), name) ||
      !name->train)
    return false;
  const size_t length = part > path ? (size_t)(part - path) - 1 : 0;
  return dla_side_name_is_plain(name) || find_val(list, path, length, name) >= 0;
}

static bool is_part(const char *part, const dla_side_name *name)
{
  return part_length(part) == name->length && strncmp(part, name->text, name->length) == 0;
}

/* The folder nearest to the top that has train/CLASS/FILE, or train/FILE if names have the
 * classes. */
static dla_status find_split(const dla_picture_list *list, root *found, const char *where,
                             dla_error *err)
{
  int depth = INT32_MAX;
  for (size_t i = 0; i < list->folder_count; i++) {
    const char *path = list->folders[i].path;
    dla_side_name name;
    if (!has_files(list, i)) continue;
    int at = 0;
    for (const char *part = path; part; part = behind(part), at++) {
      if (at > depth) break;
      const size_t length = part > path ? (size_t)(part - path) - 1 : 0;
      const bool same =
          found->path && length == found->length && strncmp(path, found->path, length) == 0;
      if (at == depth && same && is_part(part, &found->train)) break; /* as most folders are */
      if (!begins_split(list, path, part, &name)) continue;
      if (at == depth && same) {
        if (dla_side_name_is_plain(&name)) found->train = name;
        break;
      }
      if (at == depth)
        return dla_fail(err, DLA_E_INPUT, where, "give the path of the one you want",
                        "both %.150s and %.150s could be meant", found->path, path);
      free(found->path);
      *found = (root){strndup(path, length), length, true, name};
      if (!found->path) return dla_fail_memory(err, where);
      depth = at;
      break;
    }
  }
  return DLA_OK;
}

/* Which folders have files that are named like pictures; if none has, those with any file. So
 * images/ and attributes/ are not two classes. free() it. */
static bool *find_pictures(const dla_picture_list *list, size_t from)
{
  bool *has = calloc(list->folder_count + 1, sizeof *has), any = false;
  for (size_t i = from; has && i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    if (!dla_is_picture_name(dla_picture_name(list, e))) continue;
    has[e->folder] = any = true;
  }
  for (size_t i = 0; has && !any && i < list->folder_count; i++)
    has[i] = has_files(list, i);
  return has;
}

/* The only folder below a path in which pictures lie, if it has folders with pictures. NULL: there
 * are several, or none. */
static const char *only_folder(const dla_picture_list *list, const bool *has, const char *path,
                               size_t above, size_t *length)
{
  const char *only = NULL;
  bool deeper = false;
  for (size_t i = 0; i < list->folder_count; i++) {
    const char *rest = below(list->folders[i].path, path, above);
    if (!rest || !has[i]) continue;
    deeper |= behind(rest) != NULL;
    if (only && (part_length(rest) != *length || strncmp(rest, only, *length) != 0)) return NULL;
    only = rest;
    *length = part_length(rest);
  }
  return deeper ? only : NULL;
}

/* Descends while there is only one folder, with another one in it. So an archive's own top folder
 * is not a class. */
static dla_status find_classes(const dla_picture_list *list, const bool *has, root *found,
                               const char *where, dla_error *err)
{
  size_t length = 0;
  const char *only;
  *found = (root){.path = strdup("")};
  while (found->path && (only = only_folder(list, has, found->path, found->length, &length))) {
    const size_t joined = found->length + (found->length > 0) + length;
    char *next = malloc(joined + 1);
    if (next)
      snprintf(next, joined + 1, "%s%s%.*s", found->path, found->length ? "/" : "", (int)length,
               only);
    free(found->path);
    found->path = next;
    found->length = joined;
  }
  return found->path ? DLA_OK : dla_fail_memory(err, where);
}

/* ---- The role of each folder ---- */

typedef struct meaning {
  dla_side side;
  int32_t label;
  bool loose; /* its files lie in no class's folder */
} meaning;

typedef struct roles {
  const root *root;
  int val;       /* rank of the name that counts; -1: none */
  bool inner[3]; /* by side: the classes lie one folder deeper, as in train/train/CLASS */
} roles;

/* The side of a folder, from its path below the root. */
static dla_side side_of(const roles *r, const char *rest)
{
  dla_side_name name;
  if (!is_side_of(rest, &r->root->train, &name)) return DLA_SIDE_NONE;
  if (name.train) return DLA_SIDE_TRAIN;
  return r->val >= 0 && name.rank == r->val ? DLA_SIDE_VAL : DLA_SIDE_NONE;
}

/* Is a side's only folder no class, but called as the side again, or images? */
static bool is_wrapper(const char *side, const char *part, size_t length)
{
  const size_t size = part_length(side);
  return (size == length && strncasecmp(side, part, size) == 0) || dla_is_part_name(part, length);
}

static void find_inner(const dla_picture_list *list, const bool *has, roles *r)
{
  bool known[3] = {false};
  for (size_t i = 0; i < list->folder_count; i++) {
    const char *path = list->folders[i].path;
    const char *rest = below(path, r->root->path, r->root->length);
    const dla_side side = rest && has[i] && behind(rest) ? side_of(r, rest) : DLA_SIDE_NONE;
    size_t length = 0;
    if (side == DLA_SIDE_NONE || known[side]) continue;
    known[side] = true;
    const size_t above = (size_t)(rest - path) + part_length(rest);
    const char *only = only_folder(list, has, path, above, &length);
    r->inner[side] = only && is_wrapper(rest, only, length);
  }
}

static dla_status give_meaning(dla_layout *layout, dla_picture_folder *folder, const roles *r,
                               dla_side side, meaning *m, dla_error *err)
{
  const char *rest = below(folder->path, r->root->path, r->root->length);
  *m = (meaning){DLA_SIDE_NONE, -1, !rest};
  if (rest && r->root->split) {
    m->loose = !behind(rest);
    side = side_of(r, rest);
    rest = side == DLA_SIDE_NONE ? NULL : behind(rest);
    if (rest && r->inner[side]) rest = behind(rest);
  }
  if (!rest) return DLA_OK;
  uint32_t label;
  TRY(dla_picture_list_folder(&layout->classes, 0, rest, part_length(rest), &label, err));
  folder->class_at = (uint32_t)(rest - folder->path);
  *m = (meaning){side, (int32_t)label, false};
  return DLA_OK;
}

/* If names have the classes, a folder only has a side. */
static void give_side(dla_picture_folder *folder, const roles *r, dla_side side, meaning *m)
{
  *m = (meaning){side, -1, false};
  if (!r->root->split) return;
  const char *rest = below(folder->path, r->root->path, r->root->length);
  m->side = rest ? side_of(r, rest) : DLA_SIDE_NONE;
  m->loose = m->side == DLA_SIDE_NONE;
  if (m->loose) return;
  const char *inner = behind(rest);
  folder->class_at = inner ? (uint32_t)(inner - folder->path) : (uint32_t)strlen(folder->path);
}

static dla_status give_meanings(dla_layout *layout, dla_picture_list *list, size_t from,
                                const roles *r, dla_side side, dla_error *err)
{
  meaning *meanings = calloc(list->folder_count + 1, sizeof *meanings);
  if (!meanings) return dla_fail_memory(err, "the classes");
  dla_status status = DLA_OK;
  if (side == DLA_SIDE_NONE) side = DLA_SIDE_TRAIN;
  for (size_t i = 0; i < list->folder_count && !status; i++)
    if (list->file_names)
      give_side(&list->folders[i], r, side, &meanings[i]);
    else if (has_files(list, i))
      status = give_meaning(layout, &list->folders[i], r, side, &meanings[i], err);
  for (size_t i = from; i < list->count && !status; i++) {
    dla_picture_entry *e = &list->entries[i];
    e->side = (uint8_t)meanings[e->folder].side;
    if (!list->file_names) e->label = meanings[e->folder].label;
    layout->outside += meanings[e->folder].loose;
  }
  free(meanings);
  layout->split |= r->val >= 0;
  return status;
}

dla_status dla_layout_find(dla_layout *layout, dla_picture_list *list, size_t from, dla_side side,
                           const char *where, dla_error *err)
{
  root found = {0};
  bool *has = find_pictures(list, from);
  dla_status status = has ? DLA_OK : dla_fail_memory(err, where);
  if (!status && side == DLA_SIDE_NONE) status = find_split(list, &found, where, err);
  if (!status && !found.path) status = find_classes(list, has, &found, where, err);
  if (!status) {
    roles r = {.root = &found, .val = -1};
    if (found.split) r.val = find_val(list, found.path, found.length, &found.train);
    if (found.split && !list->file_names) find_inner(list, has, &r);
    status = give_meanings(layout, list, from, &r, side, err);
  }
  free(has);
  free(found.path);
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

static dla_status fail_only_in_val(const dla_picture_list *list, const char *name,
                                   const char *where, dla_error *err)
{
  char hint[256];
  if (list->file_names || !dla_is_part_name(name, strlen(name)))
    return dla_fail(err, DLA_E_INPUT, where,
                    list->file_names
                        ? "put pictures of it among those to train with, or take these away"
                        : "put pictures of it among those to train with, or take the folder away",
                    "the class %.100s is only among the pictures to test with", name);
  snprintf(hint, sizeof hint,
           "if a table has their classes, as val_annotations.txt: dataset.train=%.50s/train "
           "dataset.val=TABLE; else leave them out: dataset.path=%.50s/train",
           where, where);
  return dla_fail(err, DLA_E_INPUT, where, hint,
                  "the pictures to test with lie in a folder %.40s, but in no class's folder",
                  name);
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
      status = fail_only_in_val(list, use->name, where, err);
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

static dla_status fail_unknown(bool file_names, const char *name, char *const *names, int count,
                               const char *where, dla_error *err)
{
  dla_closest closest = dla_closest_to(name);
  char hint[160];
  for (int c = 0; c < count; c++)
    dla_closest_offer(&closest, names[c]);
  dla_closest_hint(&closest, "",
                   file_names ? "rename its files, or take them away; if folders are the classes: "
                                "dataset.class_from=folder"
                              : "take its folder away, or call it as the network's class",
                   hint, sizeof hint);
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
      status = fail_unknown(list->file_names, layout->classes.folders[e->label].path, names, count,
                            where, err);
    e->label = label;
  }
  free(number);
  return status;
}

/* As test and test1. */
static bool is_numbered(const dla_side_name *name)
{
  const char *rest = name->text + name->to;
  return name->from == 0 && rest[strspn(rest, "0123456789")] == '\0';
}

bool dla_layout_is_split(char *const *names, int count)
{
  int train = 0, val = 0, numbered = 0, parts = 0;
  dla_side_name a, b;
  for (int i = 0; i < count; i++) {
    parts += dla_is_part_name(names[i], strlen(names[i]));
    if (!dla_side_name_read(names[i], strlen(names[i]), &a)) continue;
    train += a.train && dla_side_name_is_plain(&a);
    val += !a.train && dla_side_name_is_plain(&a);
    numbered += !a.train && is_numbered(&a);
    for (int k = 0; k < count && a.train; k++)
      if (dla_side_name_read(names[k], strlen(names[k]), &b) && !b.train &&
          dla_side_names_are_alike(&a, &b))
        return true;
  }
  return (train && numbered) || (count > 0 && train + val == count) ||
         (count > 1 && parts == count);
}

void dla_layout_free(dla_layout *layout)
{
  dla_picture_list_free(&layout->classes);
}
