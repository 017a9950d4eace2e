#include "staging/transfer/stage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/swept_folder.h"
#include "base/temporary_folder.h"
#include "staging/retry.h"
#include "staging/storage/open.h"
#include "staging/transfer/fetch.h"
#include "staging/transfer/sync.h"
#include "staging/transfer/zip.h"
#include "staging/unpack/unpack.h"

/* Both ends of a request. */
typedef struct ends {
  const dla_stage_request *request;
  const dla_stage_settings *settings;
  dla_meter *meter;
  dla_location source, dest;
  dla_storage *from, *to; /* opened when needed */
} ends;

static dla_status open_source(ends *e, dla_error *err)
{
  return dla_storage_open(&e->source, DLA_SOURCE, e->settings, e->meter, &e->from, err);
}

static dla_status open_dest(ends *e, dla_error *err)
{
  return dla_storage_open(&e->dest, DLA_DEST, e->settings, e->meter, &e->to, err);
}

static const char *folder_path(const dla_location *location)
{
  if (location->kind != DLA_LOCATION_PATH) return NULL;
  return location->path[0] ? location->path : ".";
}

static dla_sync make_sync(const ends *e)
{
  return (dla_sync){.source = e->from,
                    .dest = e->to,
                    .source_folder = folder_path(&e->source),
                    .dest_folder = folder_path(&e->dest),
                    .settings = e->settings,
                    .meter = e->meter,
                    .filters = e->request->filters,
                    .filter_count = e->request->filter_count,
                    .dry_run = e->request->dry_run,
                    .delete_gone = e->request->delete_gone,
                    .strict = e->request->strict};
}

/* blind: see sync.h. */
static dla_status sync_folders(ends *e, bool blind, dla_stage_outcome *outcome, dla_error *err)
{
  dla_status status = open_source(e, err);
  if (!status) status = open_dest(e, err);
  if (status) return status;
  dla_sync sync = make_sync(e);
  sync.blind = blind;
  status = dla_sync_all(&sync, outcome, err);
  if (status || !outcome->skipped || e->request->lenient) return status;
  return dla_fail(err, DLA_E_IO, e->source.shown,
                  "rename the objects, or leave them out by --exclude",
                  "%llu of its keys cannot be the names of files, and were skipped",
                  (unsigned long long)outcome->skipped);
}

/* --- get --- */

static dla_status get_url(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  char *name = NULL;
  dla_object object = {0};
  bool found = true;
  dla_status status = dla_location_split(&e->source, &name, err);
  if (!status) status = open_source(e, err);
  if (!status && e->request->dry_run) {
    status = e->from->op->head(e->from, "", &object, &found, err);
    if (!status && !found)
      status = dla_fail(err, DLA_E_INPUT, e->source.shown, "check the URL",
                        "there is nothing at this URL (404)");
    if (!status) dla_meter_event(e->meter, DLA_STAGE_GET, e->source.shown, object.size, "%s", "");
    outcome->bytes = object.size;
  } else if (!status) {
    dla_fetch fetch = {.storage = e->from,
                       .name = name[0] ? name : "download",
                       .folder = folder_path(&e->dest),
                       .settings = e->settings,
                       .meter = e->meter};
    status = dla_fetch_file(&fetch, &outcome->bytes, err);
  }
  outcome->moved = !status;
  free(name);
  return status;
}

static dla_status get_file(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  struct stat info;
  if (stat(e->source.path, &info))
    return dla_fail(err, DLA_E_INPUT, e->source.path, "check the path", "there is no such file");
  outcome->moved = 1;
  outcome->bytes = (uint64_t)info.st_size;
  if (!e->request->dry_run)
    return dla_unpack(e->source.path, dla_path_name(e->source.path), e->dest.path, e->settings,
                      e->meter, err);
  dla_meter_event(e->meter, DLA_STAGE_GET, e->source.path, outcome->bytes, "%s", "");
  return DLA_OK;
}

/* Gets the object with exactly that key, if there is one. */
static dla_status get_one_key(ends *e, bool *found, dla_stage_outcome *outcome, dla_error *err)
{
  char *key = NULL, *whole = strdup(e->source.path);
  dla_object object = {0};
  dla_status status = whole ? DLA_OK : dla_fail_memory(err, "a location");
  if (!status) status = dla_location_split(&e->source, &key, err);
  if (!status && key[0]) {
    status = open_source(e, err);
    if (!status) status = e->from->op->head(e->from, key, &object, found, err);
    if (!status && *found) {
      dla_sync sync = make_sync(e);
      object.key = key;
      status = dla_sync_one(&sync, &object, key, outcome, err);
    }
    dla_storage_free(e->from);
    e->from = NULL;
  }
  free(e->source.path); /* split cut it */
  e->source.path = whole;
  free(key);
  return status;
}

/* A key may be allowed only to list under the prefix. Then a HEAD of the object is denied, and
 * listing goes on. */
static dla_status get_s3(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  bool found = false;
  dla_error denied = {0};
  dla_status status = get_one_key(e, &found, outcome, &denied);
  bool goes_on = !found && (!status || status == DLA_E_INPUT);
  if (!goes_on) {
    if (status && err) *err = denied;
    return status;
  }
  dla_status listed = sync_folders(e, false, outcome, err);
  if (!listed && outcome->moved + outcome->same + outcome->skipped) return DLA_OK;
  if (status) { /* prefers the error of the first request */
    if (listed != DLA_E_IO && err) *err = denied;
    return listed == DLA_E_IO ? listed : status;
  }
  if (listed) return listed;
  if (e->request->filter_count) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, e->source.shown, "check the bucket and the prefix",
                  "there is no object with this key, and none under it");
}

static dla_status get(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  if (e->dest.kind != DLA_LOCATION_PATH)
    return dla_fail(err, DLA_E_INPUT, e->dest.shown, "stage put, or stage sync, goes there",
                    "get needs a folder as its destination");
  if (e->source.kind == DLA_LOCATION_HTTP) return get_url(e, outcome, err);
  if (e->source.kind == DLA_LOCATION_S3) return get_s3(e, outcome, err);
  return dla_is_folder(e->source.path) ? sync_folders(e, false, outcome, err)
                                       : get_file(e, outcome, err);
}

/* --- put --- */

static dla_status put_path(ends *e, const char *path, dla_error *err)
{
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return dla_fail_errno(err, path, "open");
  dla_status status = e->to->op->put(e->to, "", file, path, NULL, err);
  close(file);
  return status;
}

/* Tries again if a file became shorter meanwhile: the next zip holds what is left of it. */
static dla_status make_zip(ends *e, const dla_objects *files, const char *zip, dla_error *err)
{
  dla_retry retry = dla_retry_begin(e->settings, e->meter, e->source.shown);
  dla_error why = {0};
  for (;;) {
    bool shrank;
    const dla_status status = dla_zip_folder(folder_path(&e->source), files, zip, &shrank, &why);
    if (shrank && dla_retry_again(&retry, -1, why.what)) continue;
    if (status && err) *err = why;
    return dla_retry_end(&retry, status, err);
  }
}

static dla_status put_zip(ends *e, const dla_objects *files, dla_error *err)
{
  dla_swept_folder *folder = NULL;
  char *zip = NULL;
  dla_status status = dla_swept_folder_make(dla_temporary_place(), &folder, err);
  if (status) return status;
  if (!(zip = dla_join_path(dla_swept_folder_path(folder), "output.zip")))
    status = dla_fail_memory(err, "a file name");
  if (!status) status = make_zip(e, files, zip, err);
  if (!status) status = put_path(e, zip, err);
  dla_swept_folder_remove(folder);
  free(zip);
  return status;
}

/* Sends one file as it is, several as one zip. */
static dla_status put_files(ends *e, const dla_objects *files, dla_error *err)
{
  if (files->count != 1) return put_zip(e, files, err);
  char *path = dla_join_path(folder_path(&e->source), files->item[0].key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status = put_path(e, path, err);
  free(path);
  return status;
}

/* Uploads over HTTP: the source's file `key` with that size, or with key "" the whole folder. */
static dla_status put_url(ends *e, const char *key, uint64_t size, dla_stage_outcome *outcome,
                          dla_error *err)
{
  dla_objects files = {0};
  dla_object *file = NULL;
  dla_status status = open_source(e, err);
  if (!status) status = open_dest(e, err);
  if (!status && !*key) status = e->from->op->list(e->from, &files, err);
  dla_objects_filter(&files, e->request->filters, e->request->filter_count);
  if (!status && *key && !(file = dla_objects_add(&files, key)))
    status = dla_fail_memory(err, "a list of files");
  if (file) file->size = size;
  for (size_t i = 0; !status && i < files.count; i++)
    outcome->bytes += files.item[i].size;
  outcome->moved = files.count;
  if (!status && !files.count)
    status = dla_fail(err, DLA_E_INPUT, e->source.shown, NULL, "the folder holds no file");
  if (!status) dla_meter_start(e->meter, e->dest.shown, outcome->bytes);
  if (!status && !e->request->dry_run) status = put_files(e, &files, err);
  for (size_t i = 0; !status && i < files.count; i++)
    dla_meter_event(e->meter, DLA_STAGE_PUT, files.item[i].key, files.item[i].size, "%s", "");
  dla_objects_free(&files);
  return status;
}

static dla_status put_one(ends *e, char *key, uint64_t size, dla_stage_outcome *outcome,
                          dla_error *err)
{
  char *last = NULL;
  dla_object object = {.key = key, .size = size};
  bool into = e->dest.path[0] == '\0' || e->dest.path[strlen(e->dest.path) - 1] == '/' ||
              (e->dest.kind == DLA_LOCATION_PATH && dla_is_folder(e->dest.path));
  dla_status status = into ? DLA_OK : dla_location_split(&e->dest, &last, err);
  if (!status) status = open_source(e, err);
  if (!status) status = open_dest(e, err);
  if (!status) {
    dla_sync sync = make_sync(e);
    status = dla_sync_one(&sync, &object, into ? key : last, outcome, err);
  }
  free(last);
  return status;
}

static dla_status put_file(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  struct stat info;
  if (stat(e->source.path, &info) || !S_ISREG(info.st_mode))
    return dla_fail(err, DLA_E_INPUT, e->source.path, "check the path",
                    "there is no such file or folder");
  char *key = NULL;
  uint64_t size = (uint64_t)info.st_size;
  bool http = e->dest.kind == DLA_LOCATION_HTTP;
  dla_status status = dla_location_split(&e->source, &key, err);
  if (!status)
    status = http ? put_url(e, key, size, outcome, err) : put_one(e, key, size, outcome, err);
  free(key);
  return status;
}

static dla_status put(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  if (e->source.kind != DLA_LOCATION_PATH)
    return dla_fail(err, DLA_E_INPUT, e->source.shown, "stage get fetches it",
                    "put needs a file or folder as its source");
  if (!dla_is_folder(e->source.path)) return put_file(e, outcome, err);
  return e->dest.kind == DLA_LOCATION_HTTP ? put_url(e, "", 0, outcome, err)
                                           : sync_folders(e, true, outcome, err);
}

/* --- sync --- */

static dla_status sync_ends(ends *e, dla_stage_outcome *outcome, dla_error *err)
{
  if (e->source.kind == DLA_LOCATION_HTTP || e->dest.kind == DLA_LOCATION_HTTP)
    return dla_fail(err, DLA_E_UNSUPPORTED, "stage sync", "stage get, or stage put",
                    "HTTP cannot list what is there, so it cannot be synchronised");
  if (e->source.kind == DLA_LOCATION_S3 && e->dest.kind == DLA_LOCATION_S3)
    return dla_fail(err, DLA_E_UNSUPPORTED, "stage sync", "go through a folder",
                    "one of the two must be a folder");
  if (e->source.kind == DLA_LOCATION_PATH && !dla_is_folder(e->source.path))
    return dla_fail(err, DLA_E_INPUT, e->source.path, "check the path",
                    "there is no such folder; nothing was changed");
  return sync_folders(e, false, outcome, err);
}

dla_status dla_stage(const dla_stage_request *request, const dla_stage_settings *settings,
                     const dla_stage_observer *observer, dla_stage_outcome *outcome, dla_error *err)
{
  static dla_status (*const acts[])(ends *, dla_stage_outcome *, dla_error *) = {
      [DLA_ACT_GET] = get, [DLA_ACT_PUT] = put, [DLA_ACT_SYNC] = sync_ends};
  ends e = {.request = request, .settings = settings};
  *outcome = (dla_stage_outcome){0};
  dla_status status = dla_meter_new(observer, &e.meter, err);
  if (!status) status = dla_location_parse(request->source, &e.source, err);
  if (!status) status = dla_location_parse(request->dest, &e.dest, err);
  if (!status && settings->sha256[0] &&
      (request->act != DLA_ACT_GET || e.source.kind != DLA_LOCATION_HTTP))
    status = dla_fail(err, DLA_E_UNSUPPORTED, "--sha256", "leave it out",
                      "a checksum can be given for a download over HTTP only");
  if (!status && settings->note[0])
    dla_meter_event(e.meter, DLA_STAGE_NOTE, settings->note, 0,
                    "blanks and line ends around the value are left out");
  if (!status) status = acts[request->act](&e, outcome, err);
  dla_storage_free(e.from);
  dla_storage_free(e.to);
  dla_location_free(&e.source);
  dla_location_free(&e.dest);
  dla_meter_free(e.meter);
  return status;
}
