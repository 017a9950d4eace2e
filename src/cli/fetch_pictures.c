#include "cli/fetch_pictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/make_folder.h"
#include "base/path.h"
#include "base/swept_folder.h"
#include "base/temporary_folder.h"
#include "base/try.h"
#include "cli/stage_report.h"
#include "staging/parallel.h"
#include "staging/transfer/stage.h"

enum { AT_ONCE = 8 };

typedef struct fetched_item {
  size_t operand; /* its index in the paths */
  char *shown;    /* the URL without its secrets */
  char *folder;   /* the folder that it is fetched into */
  char *path;     /* the file or folder that was fetched */
  dla_error *why; /* why nothing was fetched; NULL: something was */
} fetched_item;

struct dla_fetched {
  dla_swept_folder *swept;
  const char *folder; /* the path of `swept` */
  fetched_item *items;
  size_t count;
  dla_argv *paths;
  const dla_stage_settings *settings;
  dla_cli_progress progress;
};

/* ---- Names ---- */

static bool is_url(const char *path)
{
  static const char *const schemes[] = {"http://", "https://", "s3://"};
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
    if (strncasecmp(path, schemes[i], strlen(schemes[i])) == 0) return true;
  return false;
}

/* Each item has a folder whose name is a number, from 1 on. */
static const fetched_item *item_of(const dla_fetched *f, const char *path)
{
  const size_t length = f && f->folder ? strlen(f->folder) : 0;
  if (!length || strncmp(path, f->folder, length) != 0 || path[length] != '/') return NULL;
  const unsigned long number = strtoul(path + length + 1, NULL, 10);
  return number >= 1 && number <= f->count ? &f->items[number - 1] : NULL;
}

char *dla_fetched_name(const dla_fetched *f, const char *path)
{
  const fetched_item *item = item_of(f, path);
  if (!item) return NULL;
  dla_strbuf name = {0};
  size_t length = item->path ? strlen(item->path) : 0, shown = strlen(item->shown);
  const char *below = length && strncmp(path, item->path, length) == 0 ? path + length : "";
  while (*below == '/' && shown > 0 && item->shown[shown - 1] == '/')
    shown--;
  dla_strbuf_printf(&name, "%.*s%s", (int)shown, item->shown, below);
  if (!name.failed) return name.text;
  dla_strbuf_free(&name);
  return NULL;
}

/* ---- One URL ---- */

/* The only file in the folder, else the folder: an S3 prefix may have several files. */
static char *what_came(const char *folder)
{
  char *only = dla_only_file(folder, NULL);
  return only ? only : strdup(folder);
}

static dla_status get(const dla_fetched *f, const fetched_item *item, dla_error *err)
{
  dla_stage_observer observer = dla_stage_report_observer((dla_cli_progress *)&f->progress);
  dla_stage_outcome outcome = {0};
  const dla_stage_request request = {.act = DLA_ACT_GET,
                                     .source = f->paths->items[item->operand],
                                     .dest = item->folder,
                                     .lenient = true};
  TRY(dla_make_folder(item->folder, err));
  return dla_stage(&request, f->settings, &observer, &outcome, err);
}

static dla_status keep_reason(fetched_item *item, const dla_error *why, dla_error *err)
{
  item->why = malloc(sizeof *item->why);
  if (!item->why) return dla_fail_memory(err, "a URL");
  *item->why = *why;
  return DLA_OK;
}

static dla_status fetch(void *context, size_t index, dla_error *err)
{
  dla_fetched *f = context;
  fetched_item *item = &f->items[index];
  dla_error why = {0};
  if (item->why) return DLA_OK; /* it is no valid URL */
  dla_status status = get(f, item, &why);
  if (status == DLA_E_MEMORY || status == DLA_E_INTERRUPTED) {
    *err = why;
    return status;
  }
  if (!status) item->path = what_came(item->folder);
  if (!status) return item->path ? DLA_OK : dla_fail_memory(err, "a file name");
  return keep_reason(item, &why, err);
}

/* ---- All of them ---- */

static dla_status fill_item(const dla_fetched *f, fetched_item *item, dla_error *err)
{
  dla_location location;
  dla_strbuf folder = {0};
  dla_error why = {0};
  const bool right = dla_location_parse(f->paths->items[item->operand], &location, &why) == DLA_OK;
  item->shown = strdup(right ? location.shown : "URL");
  dla_location_free(&location);
  dla_strbuf_printf(&folder, "%s/%zu", f->folder, f->count);
  item->folder = folder.text;
  if (!item->shown || folder.failed) return dla_fail_memory(err, "a URL");
  return right ? DLA_OK : keep_reason(item, &why, err);
}

static dla_status add_urls(dla_fetched *f, dla_error *err)
{
  f->items = calloc(f->paths->count + 1, sizeof *f->items);
  if (!f->items) return dla_fail_memory(err, "a URL");
  for (size_t i = 0; i < f->paths->count; i++)
    if (is_url(f->paths->items[i])) {
      f->items[f->count].operand = i;
      TRY(fill_item(f, &f->items[f->count++], err));
    }
  return DLA_OK;
}

static dla_status fetch_all(dla_fetched *f, dla_error *err)
{
  dla_stage_settings settings;
  TRY(dla_stage_settings_init(&settings, err));
  settings.unpack = settings.use_cache = false;
  f->settings = &settings;
  f->progress =
      (dla_cli_progress){.bar = f->count == 1 && isatty(STDERR_FILENO), .level = DLA_LOG_INFO};
  dla_status status = dla_parallel(f->count, AT_ONCE, fetch, f, err);
  if (f->progress.bar) fputs("\r\033[K", stderr);
  dla_stage_settings_free(&settings);
  f->settings = NULL;
  return status;
}

/* Replaces each URL by the path of the fetched file, in the order of the operands. */
static dla_status put_in_place(dla_fetched *f, dla_fetch_refusal *refuse, void *context,
                               dla_error *err)
{
  dla_argv all = {0};
  size_t next = 0;
  for (size_t i = 0; i < f->paths->count; i++) {
    const bool fetched = next < f->count && f->items[next].operand == i;
    const fetched_item *item = fetched ? &f->items[next++] : NULL;
    if (item && item->why)
      refuse(context, item->why);
    else
      dla_argv_add(&all, "%s", item ? item->path : f->paths->items[i]);
  }
  dla_argv_free(f->paths);
  *f->paths = all;
  return all.failed ? dla_fail_memory(err, "the names") : DLA_OK;
}

dla_status dla_fetch_pictures(dla_argv *paths, dla_fetch_refusal *refuse, void *context,
                              dla_fetched **fetched, dla_error *err)
{
  bool any = false;
  for (size_t i = 0; i < paths->count && !any; i++)
    any = is_url(paths->items[i]);
  if (!any) return DLA_OK;
  dla_fetched *f = calloc(1, sizeof *f);
  if (!f) return dla_fail_memory(err, "a URL");
  *fetched = f; /* the caller frees it even when it is half made */
  f->paths = paths;
  TRY(dla_swept_folder_make(dla_temporary_place(), &f->swept, err));
  f->folder = dla_swept_folder_path(f->swept);
  TRY(add_urls(f, err));
  TRY(fetch_all(f, err));
  return put_in_place(f, refuse, context, err);
}

void dla_fetched_free(dla_fetched *f)
{
  if (!f) return;
  for (size_t i = 0; i < f->count; i++) {
    free(f->items[i].shown);
    free(f->items[i].folder);
    free(f->items[i].path);
    free(f->items[i].why);
  }
  free(f->items);
  dla_swept_folder_remove(f->swept);
  free(f);
}
