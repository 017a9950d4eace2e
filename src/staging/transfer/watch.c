/* The thread of the continuous sync. inotify only tells when to look, and which files are closed.
 * What to push follows from looking. So a lost event costs a moment, not a file. */
#include "staging/transfer/watch.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/plural.h"
#include "base/start_thread.h"
#include "staging/parallel.h"
#include "staging/storage/folder_storage.h"
#include "staging/storage/open.h"
#include "staging/transfer/sync.h"
#include "staging/transfer/watch_push.h"

enum { MOST_AT_ONCE = 64, LARGE = 32 << 20 };

/* seconds */
static const double quiet = 1; /* without a change, where no event tells that a file is complete */
static const double look_every = 1; /* also without events: inotify does not see changes by other
                                     * machines */
static const double breath = 0.05;  /* between two looks, so that many events are taken together */

struct dla_watch {
  char *folder;
  dla_location dest;
  dla_stage_settings settings; /* a copy with the caller's secrets; under a send limit, one file at
                                * a time */
  dla_filters filters;
  const dla_stage_observer *outer;
  dla_stage_observer inner;
  dla_meter *meter;
  dla_storage *from, *to;
  pthread_t thread;
  int wake; /* an eventfd */
  pthread_mutex_t lock;
  bool finishing;  /* finishing and deadline: under the lock */
  double deadline; /* of the flush, on dla_clock() */
  /* only the thread uses the following until it has ended */
  dla_tree_events *events; /* NULL: none */
  dla_watched_files files;
  dla_watch_target target;
  double looked;
  bool look; /* look soon */
  uint64_t pushed, bytes;
  uint64_t retries; /* guarded by the meter's lock, as all events are */
  dla_error why;    /* of the last failure */
};

static bool is_finishing(dla_watch *w, double *deadline)
{
  pthread_mutex_lock(&w->lock);
  bool finishing = w->finishing;
  *deadline = w->deadline;
  pthread_mutex_unlock(&w->lock);
  return finishing;
}

/* ---- The observer in between ---- */

static bool on_stop(void *context)
{
  dla_watch *w = context;
  double deadline;
  if (is_finishing(w, &deadline) && dla_clock() >= deadline) return true;
  return w->outer && w->outer->stop && w->outer->stop(w->outer->context);
}

static void on_event(void *context, const dla_stage_event *event)
{
  dla_watch *w = context;
  w->retries += event->kind == DLA_STAGE_RETRY;
  if (w->outer && w->outer->event) w->outer->event(w->outer->context, event);
}

static void on_progress(void *context, const dla_stage_progress *progress)
{
  dla_watch *w = context;
  w->outer->progress(w->outer->context, progress);
}

/* ---- Looking ---- */

static void on_change(void *context, dla_tree_change change, const char *key)
{
  dla_watch *w = context;
  dla_watched_note(&w->files, change, key);
  w->look |= change != DLA_TREE_WRITTEN;
}

static bool events_tell(const dla_watch *w)
{
  return w->events && dla_tree_events_complete(w->events);
}

static void look(dla_watch *w, bool finishing)
{
  dla_error err = {0};
  if (w->events) dla_tree_events_read(w->events, on_change, w);
  if (!w->look && !finishing && dla_clock() - w->looked < look_every) return;
  w->look = false;
  w->looked = dla_clock();
  if (dla_watched_scan(&w->files, w->folder, w->from, &w->filters, &err)) {
    w->why = err;
    w->look = true; /* a folder may have vanished meanwhile */
  }
  w->look |= w->files.logs && w->files.fresh; /* to see it twice */
}

/* ---- Pushing ---- */

typedef struct batch {
  dla_watch *watch;
  dla_watched *file[MOST_AT_ONCE];
  uint64_t bytes[MOST_AT_ONCE];
  int from[MOST_AT_ONCE]; /* descriptors; -1: another file has the name */
  size_t count;
} batch;

/* Whether it differs from what was pushed, and no failure makes it wait. */
static bool may_go(const dla_watched *file, double now)
{
  return file->present && file->changed && now >= file->retry_at;
}

static bool is_due(const dla_watch *w, const dla_watched *file, double now, bool finishing)
{
  return may_go(file, now) && dla_watched_settled(file, now, quiet, finishing || !events_tell(w));
}

static bool is_newer(const dla_stamp *a, const dla_stamp *b)
{
  return a->seconds != b->seconds ? a->seconds > b->seconds : a->nanoseconds > b->nanoseconds;
}

/* As many as may be sent at once. */
static size_t most_at_once(const dla_watch *w)
{
  return w->settings.parallel_files < MOST_AT_ONCE ? (size_t)w->settings.parallel_files
                                                   : MOST_AT_ONCE;
}

/* Picks the newest due files. A large file goes alone: others would delay it. */
static void pick(dla_watch *w, batch *b, bool finishing)
{
  double now = dla_clock();
  const size_t most = most_at_once(w);
  for (size_t i = 0; i < w->files.count; i++) {
    dla_watched *file = &w->files.item[i];
    size_t at = b->count;
    if (file->log || !is_due(w, file, now, finishing)) continue;
    if (w->files.logs && !dla_watched_seen_twice(&w->files, file)) continue;
    while (at > 0 && is_newer(&file->seen, &b->file[at - 1]->seen))
      at--;
    if (at == most) continue;
    if (b->count < most) b->count++;
    memmove(b->file + at + 1, b->file + at, (b->count - at - 1) * sizeof *b->file);
    b->file[at] = file;
  }
  for (size_t i = 0; i < b->count; i++)
    if (b->file[i]->seen.size >= LARGE) b->count = i ? i : 1;
}

/* Picks logs that are due. If others are to follow, every changed log is. */
static void pick_logs(dla_watch *w, batch *b, bool others, bool finishing)
{
  double now = dla_clock();
  const size_t most = most_at_once(w);
  for (size_t i = 0; i < w->files.count && b->count < most; i++) {
    dla_watched *file = &w->files.item[i];
    const bool due = others ? may_go(file, now) : is_due(w, file, now, finishing);
    if (file->log && due) b->file[b->count++] = file;
  }
}

/* Whether a log that is not pushed yet keeps the others waiting. One that the store refuses does
 * not: the checkpoints count more. */
static bool await_logs(const dla_watch *w)
{
  for (size_t i = 0; i < w->files.count; i++) {
    const dla_watched *file = &w->files.item[i];
    if (file->log && file->present && file->changed && file->retry_at < INFINITY) return true;
  }
  return false;
}

static void open_batch(batch *b)
{
  for (size_t i = 0; i < b->count; i++) {
    dla_watched *file = b->file[i];
    file->err = (dla_error){0};
    file->status = dla_watch_open(&b->watch->target, file, &b->from[i], &file->err);
  }
}

static void close_batch(batch *b)
{
  for (size_t i = 0; i < b->count; i++)
    if (b->from[i] >= 0) close(b->from[i]);
}

static dla_status push_job(void *context, size_t index, dla_error *err)
{
  batch *b = context;
  dla_watched *file = b->file[index];
  (void)err; /* each file keeps its own error: a failure does not stop the others */
  if (b->from[index] >= 0)
    file->status =
        dla_watch_push(&b->watch->target, file, b->from[index], &b->bytes[index], &file->err);
  return DLA_OK;
}

/* A fault of the request itself is not tried again before the flush. */
static double wait_after(const dla_watch *w, const dla_watched *file)
{
  if (file->status == DLA_E_INPUT || file->status == DLA_E_UNSUPPORTED) return INFINITY;
  return fmin(w->settings.retry_cap, w->settings.retry_base * exp2(file->failures - 1));
}

static void settle(dla_watch *w, dla_watched *file, uint64_t bytes)
{
  if (file->status) {
    file->failures++;
    file->retry_at = dla_clock() + wait_after(w, file);
    /* A missed deadline is the least telling reason: keep an earlier one. */
    bool late = file->status == DLA_E_INTERRUPTED && !strstr(file->err.what, DLA_RETRY_BEFORE);
    if (!late || !w->why.what[0]) w->why = file->err;
    dla_meter_event(w->meter, DLA_STAGE_RETRY, file->key, 0, "not pushed yet: %s", file->err.what);
    return;
  }
  file->changed = file->closed = false;
  file->failures = 0;
  file->retry_at = 0;
  w->pushed += bytes > 0 || file->seen.size == 0;
  w->bytes += bytes;
}

/* Lists the destination once, so that nothing is sent twice. If that fails, everything is sent:
 * some keys may write but not list. */
static void list_remote(dla_watch *w)
{
  dla_error err = {0};
  if (w->to->op->list(w->to, &w->target.remote, &err)) dla_objects_free(&w->target.remote);
}

static void push_batch(dla_watch *w, batch *b)
{
  dla_error err = {0};
  uint64_t total = 0;
  for (size_t i = 0; i < b->count; i++)
    total += (uint64_t)b->file[i]->seen.size;
  dla_meter_start(w->meter, b->count == 1 ? b->file[0]->key : "upload", total);
  const dla_status begun = dla_parallel(b->count, w->settings.parallel_files, push_job, b, &err);
  for (size_t i = 0; i < b->count && begun; i++) { /* no job ran, for want of memory */
    b->file[i]->status = begun;
    b->file[i]->err = err;
  }
  for (size_t i = 0; i < b->count; i++)
    if (b->from[i] < 0 && !b->file[i]->status)
      w->look = true;
    else
      settle(w, b->file[i], b->bytes[i]);
}

/* Opens the files first: a checkpoint may be replaced while the logs before it are pushed. The
 * order is checked in tests/torture/sync.pml. Returns false if nothing was due. */
static bool push_some(dla_watch *w, bool finishing)
{
  batch others = {.watch = w}, logs = {.watch = w};
  pick(w, &others, finishing);
  open_batch(&others);
  if (others.count) dla_watched_look_at_logs(&w->files, w->folder);
  pick_logs(w, &logs, others.count > 0, finishing);
  open_batch(&logs);
  if (logs.count) push_batch(w, &logs);
  close_batch(&logs);
  const bool go = others.count && !await_logs(w);
  if (go) push_batch(w, &others);
  close_batch(&others);
  return go || logs.count;
}

/* ---- The thread ---- */

/* Whether something may still be pushed. */
static bool is_pending(const dla_watch *w)
{
  for (size_t i = 0; i < w->files.count; i++)
    if (w->files.item[i].changed && w->files.item[i].retry_at < INFINITY) return true;
  return w->look;
}

/* Waits until something changes, or it is time to look. */
static void wait_for_change(dla_watch *w, bool finishing)
{
  const int milliseconds = 1000;
  struct pollfd fds[2] = {{.fd = w->wake, .events = POLLIN}, {.events = POLLIN}};
  bool woken = poll(fds, 1, (int)(breath * milliseconds)) > 0;
  if (finishing) nanosleep(&(struct timespec){.tv_nsec = (long)(breath * 1e9)}, NULL);
  if (finishing || woken || w->look) return;
  if (w->events) fds[1].fd = dla_tree_events_descriptor(w->events);
  poll(fds, w->events ? 2 : 1, (int)(look_every / (is_pending(w) ? 8 : 1) * milliseconds));
}

/* The flush tries everything again, whatever happened before. */
static void begin_flush(dla_watch *w)
{
  w->look = true;
  for (size_t i = 0; i < w->files.count; i++)
    w->files.item[i].retry_at = w->files.item[i].failures = 0;
}

static void *run(void *argument)
{
  dla_watch *w = argument;
  bool flushing = false;
  double deadline;
  list_remote(w);
  for (;;) {
    bool finishing = is_finishing(w, &deadline);
    if (finishing && !flushing) begin_flush(w);
    flushing = finishing;
    look(w, finishing);
    bool done = flushing && (!is_pending(w) || dla_clock() >= deadline);
    if (done) break;
    if (!push_some(w, flushing)) wait_for_change(w, flushing);
  }
  return NULL;
}

/* ---- Beginning and end ---- */

static void free_watch(dla_watch *w)
{
  dla_tree_events_free(w->events);
  dla_watched_free(&w->files);
  dla_objects_free(&w->target.remote);
  dla_storage_free(w->from);
  dla_storage_free(w->to);
  dla_location_free(&w->dest);
  dla_meter_free(w->meter);
  if (w->wake >= 0) close(w->wake);
  pthread_mutex_destroy(&w->lock);
  free(w->folder);
  free(w);
}

static dla_status open_ends(dla_watch *w, const char *dest, dla_error *err)
{
  dla_status status = dla_meter_new(&w->inner, &w->meter, err);
  if (!status) status = dla_location_parse(dest, &w->dest, err);
  if (!status && w->dest.kind == DLA_LOCATION_HTTP)
    status = dla_fail(err, DLA_E_UNSUPPORTED, w->dest.shown, "push it at the end, all in one",
                      "HTTP cannot be synchronised");
  if (!status) status = dla_folder_storage_new(w->folder, w->meter, &w->from, err);
  if (!status) status = dla_storage_open(&w->dest, DLA_DEST, &w->settings, w->meter, &w->to, err);
  w->target = (dla_watch_target){.folder = w->folder, .dest = w->to, .meter = w->meter};
  return status;
}

dla_status dla_watch_start(const dla_watch_request *request, dla_watch **watch, dla_error *err)
{
  const dla_stage_observer *observer = request->observer;
  dla_watch *w = calloc(1, sizeof *w);
  if (!w) return dla_fail_memory(err, "the sync");
  w->wake = -1;
  if (pthread_mutex_init(&w->lock, NULL)) {
    free(w);
    return dla_fail_memory(err, "the sync");
  }
  w->settings = *request->settings;
  w->filters = request->filters;
  w->files.logs = request->logs;
  if (w->settings.send_limit > 0) /* one at a time, so that the limit holds for all together */
    w->settings.parallel = w->settings.parallel_files = 1;
  w->outer = observer;
  w->inner = (dla_stage_observer){.context = w, .event = on_event, .stop = on_stop};
  if (observer && observer->progress) w->inner.progress = on_progress;
  w->folder = strdup(request->folder);
  w->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  w->look = true;
  dla_status status = w->folder ? DLA_OK : dla_fail_memory(err, "the sync");
  if (!status && w->wake < 0) status = dla_fail_errno(err, request->folder, "watch");
  if (!status) status = open_ends(w, request->dest, err);
  if (!status && w->settings.note[0])
    dla_meter_event(w->meter, DLA_STAGE_NOTE, w->settings.note, 0,
                    "blanks and line ends around the value are left out");
  if (!status) w->events = dla_tree_events_new(request->folder);
  if (!status) status = dla_start_thread(&w->thread, NULL, run, w, "the sync's thread", err);
  if (status)
    free_watch(w);
  else
    *watch = w;
  return status;
}

static dla_status list_failed(const dla_watch *w, dla_watch_summary *summary, dla_error *err)
{
  size_t capacity = 0;
  for (size_t i = 0; i < w->files.count; i++) {
    if (!w->files.item[i].changed) continue;
    char *copy = strdup(w->files.item[i].key);
    if (!copy || !DLA_ARRAY_RESERVE(summary->failed, capacity, summary->failed_count, 1)) {
      free(copy);
      return dla_fail_memory(err, "a list of files");
    }
    summary->failed[summary->failed_count++] = copy;
  }
  return DLA_OK;
}

static dla_status fail_not_pushed(const dla_watch *w, const dla_watch_summary *summary,
                                  dla_error *err)
{
  dla_strbuf names = {0};
  for (size_t i = 0; i < summary->failed_count; i++)
    dla_strbuf_printf(&names, "%s%s", i ? ", " : "", summary->failed[i]);
  dla_status status =
      dla_fail(err, DLA_E_NOT_PUSHED, w->dest.shown, "the local copies stay",
               "%zu file%s of %s could not be pushed: %.200s%s: %.160s", summary->failed_count,
               dla_plural(summary->failed_count), w->folder, dla_strbuf_text(&names),
               names.length > 200 ? " ..." : "", w->why.what[0] ? w->why.what : "out of time");
  dla_strbuf_free(&names);
  return status;
}

/* An empty folder deletes nothing: it is more likely a mistake than intended. */
static dla_status delete_gone(dla_watch *w, dla_error *err)
{
  dla_error why = {0};
  dla_stage_outcome outcome = {0};
  dla_sync sync = {.source = w->from,
                   .dest = w->to,
                   .source_folder = w->folder,
                   .dest_folder = w->dest.kind == DLA_LOCATION_PATH ? w->dest.path : NULL,
                   .settings = &w->settings,
                   .meter = w->meter,
                   .filters = w->filters.item,
                   .filter_count = w->filters.count,
                   .delete_gone = true};
  if (!w->files.count || dla_sync_all(&sync, &outcome, &why) == DLA_OK) return DLA_OK;
  return dla_fail(err, DLA_E_NOT_PUSHED, w->dest.shown, "the local copies stay",
                  "what is gone in %s could not be deleted: %.300s", w->folder, why.what);
}

dla_status dla_watch_finish(dla_watch *w, double deadline, bool delete, dla_watch_summary *summary,
                            dla_error *err)
{
  uint64_t one = 1;
  *summary = (dla_watch_summary){0};
  pthread_mutex_lock(&w->lock);
  w->finishing = true;
  w->deadline = dla_clock() + deadline;
  pthread_mutex_unlock(&w->lock);
  while (write(w->wake, &one, sizeof one) < 0 && errno == EINTR)
    ;
  pthread_join(w->thread, NULL);
  dla_status status = list_failed(w, summary, err);
  bool failed = summary->failed_count || w->look; /* look: the folder could not be listed */
  if (!status && failed) status = fail_not_pushed(w, summary, err);
  if (!status && delete) status = delete_gone(w, err);
  summary->files = w->pushed;
  summary->bytes = w->bytes;
  summary->retries = w->retries;
  free_watch(w);
  return status;
}

void dla_watch_summary_free(dla_watch_summary *summary)
{
  dla_free_texts(summary->failed, summary->failed_count);
  *summary = (dla_watch_summary){0};
}
