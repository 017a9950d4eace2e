#include "data/sources/source_folder.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "base/strbuf.h"
#include "base/try.h"
#include "data/sources/folder_walk.h"
#include "data/sources/member_name.h"
#include "data/sources/source_archive.h"
#include "data/sources/unread.h"

enum { ARCHIVES_MAX = 8 };

typedef struct search {
  dla_folder_walk walk;
  dla_catalogue catalogue;
  const dla_dataset_options *options;
  dla_source *source;
  dla_status failed; /* of the nearest archive that could not be read */
  dla_error failure;
  bool nothing; /* it holds no data set of those, but perhaps pictures */
  dla_error *err;
} search;

static const char which[] = "give the path of the one you want";
static const char set_classes[] = "set model.classes, or give the path of the one you want";

/* ---- Files ---- */

static dla_status list_level(search *s, bool *any)
{
  size_t from = s->walk.count;
  TRY(dla_folder_walk_next(&s->walk, any, s->err));
  for (size_t i = from; i < s->walk.count; i++)
    if (!s->walk.items[i].is_folder)
      TRY(dla_catalogue_add(&s->catalogue, s->walk.items[i].path, i, s->err));
  return DLA_OK;
}

static dla_status take_files(search *s, const dla_candidate *chosen)
{
  dla_source *source = s->source;
  source->format = chosen->format;
  source->place =
      *chosen->folder ? dla_join_path(s->walk.place, chosen->folder) : strdup(s->walk.place);
  if (!source->place) return dla_fail_memory(s->err, "a search");
  for (int m = 0; chosen->format->members[m].name; m++) {
    if (!chosen->found[m].there) continue;
    dla_folder_file *file = &s->walk.items[chosen->found[m].entry];
    source->found[m].name = dla_folder_walk_path(&s->walk, chosen->found[m].entry);
    source->found[m].leads_to = file->leads_to;
    file->leads_to = NULL;
    if (!source->found[m].name) return dla_fail_memory(s->err, "a search");
  }
  return DLA_OK;
}

static dla_status choose_files(search *s)
{
  const dla_candidate *chosen = NULL;
  dla_status status =
      dla_catalogue_choose(&s->catalogue, s->options, s->walk.place, which, &chosen, s->err);
  s->source->several = status == DLA_E_INPUT;
  if (status) return status;
  return chosen ? take_files(s, chosen) : DLA_OK;
}

/* ---- Archives ---- */

static bool says_what_it_is(const char *path)
{
  for (const char *name = dla_path_name(path); *name; name++)
    if (strncasecmp(name, "cifar", 5) == 0 || strncasecmp(name, "mnist", 5) == 0 ||
        strncasecmp(name, "stl10", 5) == 0)
      return true;
  return false;
}

/* Lists the archives of a level. If some are named like a data set, lists only these. */
static int list_archives(const search *s, int depth, size_t archives[ARCHIVES_MAX])
{
  int count = 0, named = 0;
  for (int only_named = 1; only_named >= 0 && !named; only_named--) {
    count = 0;
    for (size_t i = 0; i < s->walk.count; i++) {
      const dla_folder_file *file = &s->walk.items[i];
      if (file->is_folder || file->leads_to || file->depth != depth ||
          !dla_is_archive_name(dla_path_name(file->path)) ||
          (only_named && !says_what_it_is(file->path)))
        continue;
      if (count < ARCHIVES_MAX) archives[count] = i;
      count++;
    }
    named = only_named ? count : named;
  }
  return count;
}

static dla_status ambiguous(search *s, size_t first, size_t second, bool differ)
{
  s->source->several = true;
  return dla_fail(s->err, DLA_E_INPUT, s->walk.place, differ ? set_classes : which,
                  "both %.200s and %.200s could be meant", s->walk.items[first].path,
                  s->walk.items[second].path);
}

static dla_status open_one(search *s, size_t archive, dla_source *source, dla_error *err)
{
  char *path = dla_folder_walk_path(&s->walk, archive);
  if (!path) return dla_fail_memory(err, "a search");
  dla_status status = dla_source_open_archive(path, s->options, source, err);
  free(path);
  return status;
}

/* Chooses the archive with a data set, preferably one that fits the options. */
static dla_status try_archives(search *s, int depth)
{
  size_t archives[ARCHIVES_MAX], chosen = 0;
  int count = list_archives(s, depth, archives);
  if (count > ARCHIVES_MAX) return ambiguous(s, archives[0], archives[1], false);
  dla_status status = DLA_OK;
  bool here = false, suits = false; /* found on this level? */
  for (int i = 0; i < count && !status; i++) {
    dla_source candidate = {0};
    dla_status opened = open_one(s, archives[i], &candidate, s->failed ? NULL : &s->failure);
    bool better = !opened && dla_format_suits(candidate.format, s->options);
    if (opened) {
      if (!s->failed) s->nothing = candidate.nothing;
      if (!s->failed) s->failed = opened;
    } else if (here && better == suits) {
      status = ambiguous(s, chosen, archives[i],
                         candidate.format->classes != s->source->format->classes);
    } else if (!s->source->format || better) {
      dla_source_close(s->source);
      *s->source = candidate;
      candidate = (dla_source){0};
      chosen = archives[i];
      suits = better;
      here = true;
    }
    dla_source_close(&candidate);
  }
  return status;
}

/* ---- Nothing found ---- */

static dla_status nothing_found(search *s)
{
  enum { SHOWN = 6 };
  dla_strbuf names = {0};
  char what[DLA_UNREAD], hint[DLA_UNREAD];
  int count = 0;
  if (dla_unread_in(s->walk.place, what, hint))
    return dla_fail(s->err, DLA_E_INPUT, s->walk.place, hint, "no dataset here, but %s", what);
  for (size_t i = 0; i < s->walk.count; i++) {
    const dla_folder_file *file = &s->walk.items[i];
    if (file->depth) continue;
    if (count++ >= SHOWN) continue;
    dla_strbuf_printf(&names, "%s%.60s", count > 1 ? ", " : "", file->path);
    if (file->leads_to)
      dla_strbuf_printf(&names, " (a link to %.60s, which is not there)", file->leads_to);
    else if (dla_is_unfinished_name(file->path))
      dla_strbuf_printf(&names, " (a download that has not ended)");
  }
  if (count > SHOWN) dla_strbuf_printf(&names, " and %d more", count - SHOWN);
  dla_status status = dla_fail(
      s->err, DLA_E_INPUT, s->walk.place,
      "looked for pictures in FOLDER/CLASS, CIFAR-10 or CIFAR-100, python or binary version "
      "(data_batch_1, train, "
      "data_batch_1.bin, train.bin, or their archive), STL-10 (train_X.bin) and MNIST "
      "(train-images-idx3-ubyte[.gz])",
      "no dataset here; found %s", count ? dla_strbuf_text(&names) : "an empty folder");
  dla_strbuf_free(&names);
  return status;
}

/* ---- The search ---- */

/* An archive counts as the folder that it would unpack to, one level below it, but ranks below a
 * real folder. */
static dla_status search_levels(search *s)
{
  bool any = true;
  for (int depth = 0; depth <= DLA_SEARCH_DEPTH; depth++) {
    if (any) TRY(list_level(s, &any));
    if (dla_catalogue_has(&s->catalogue, s->options)) return choose_files(s);
    if (depth) TRY(try_archives(s, depth - 1));
    if (s->source->format && dla_format_suits(s->source->format, s->options)) return DLA_OK;
  }
  if (!s->source->format) TRY(choose_files(s));
  if (s->source->format) return DLA_OK;
  if (s->failed && s->err) *s->err = s->failure;
  if (s->nothing) return nothing_found(s);
  return s->failed ? s->failed : nothing_found(s);
}

static dla_status finish(search *s, dla_status status)
{
  dla_catalogue_free(&s->catalogue);
  dla_folder_walk_free(&s->walk);
  return status;
}

dla_status dla_source_open_folder(const char *path, const dla_dataset_options *options,
                                  dla_source *source, dla_error *err)
{
  search s = {.walk = {.place = path}, .options = options, .source = source, .err = err};
  return finish(&s, search_levels(&s));
}

/* Keeps only the data set of the file `name` in the folder. */
static void keep_with(search *s, const char *name)
{
  for (size_t i = 0; i < s->catalogue.count; i++) {
    dla_candidate *item = &s->catalogue.items[i];
    bool with = false;
    for (int m = 0; item->format->members[m].name; m++)
      with |= item->found[m].there && strcmp(s->walk.items[item->found[m].entry].path, name) == 0;
    for (int m = 0; !with && item->format->members[m].name; m++)
      item->found[m].there = false;
  }
}

dla_status dla_source_open_file(const char *path, const dla_dataset_options *options,
                                dla_source *source, dla_error *err)
{
  const char *name = dla_path_name(path);
  char *folder = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
  if (!folder) return dla_fail_memory(err, "a search");
  bool any = false;
  search s = {.walk = {.place = folder}, .options = options, .source = source, .err = err};
  dla_status status = list_level(&s, &any);
  if (!status) keep_with(&s, name);
  if (!status) status = choose_files(&s);
  finish(&s, status);
  free(folder);
  return status;
}
